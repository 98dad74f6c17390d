"""From the form to the card: what a manager sets is what the overview judges by."""

from tests.browser.server import running

OCTOBER = "end=2026-10&period=month"


def test_a_target_that_a_manager_sets_is_on_the_card_of_the_overview(visit, demo_url, tmp_path):
    with running(demo_url, tmp_path / "log.txt") as server:
        visitor = visit("en-US", server=server)
        page = visitor.open(f"?{OCTOBER}")
        assert "12.3" not in page.locator(".st-key-card_saidi").inner_text()

        page = visitor.open("targets?kpi=saidi&year=2026&pick=2026-10&of=full")
        page.locator("[class*='st-key-value_saidi'] input").fill("12.3")
        page.locator("[class*='st-key-reason_saidi'] input").fill("a new contract")
        page.get_by_role("button", name="Store the change").click()
        page.get_by_text("Stored.", exact=True).wait_for()
        visitor.settle()

        page = visitor.open(f"?{OCTOBER}&compare=target")
        page.locator(".st-key-card_saidi", has_text="12.3").wait_for()
        assert visitor.foreign == []
        assert visitor.complaints == []
