"""One file per command of `python -m data_access`: HELP, add_arguments(parser), run(args, engine) -> int."""
