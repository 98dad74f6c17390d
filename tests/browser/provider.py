"""An identity provider on this machine, and a server whose people sign in there."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page

SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "of the tests, long enough not to be guessed"
client_id = "dashboard"
client_secret = "of the tests"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@contextmanager
def providing(claims: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Address of a provider that knows these people, by what they type into its form."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # the provider's own check; it never leaves this machine
    users = [User(sub=name, claims=dict(said)) for name, said in claims.items()]
    with run_server_in_thread(user_claims=users) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def secrets(provider: str, file: Path) -> str:
    """Path of a secrets.toml that names the provider, for SECRETS_FILE."""
    file.write_text(SECRETS.format(provider=provider), encoding="utf-8")
    return str(file)


def sign_in(page: Page, name: str) -> None:
    """Press the button of the sign-in page, and say at the provider who one is."""
    page.locator(".st-key-sign_in_button button").click()
    page.wait_for_url("**/oauth2/authorize?**")
    page.fill('input[name="sub"]', name)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(lambda url: "/oauth2" not in url)
