"""``python -m api.cli``: the commands of the service."""

from api.cli.main import main

main()
