"""report-extract completion: commands and options completed by the shell."""

from __future__ import annotations

import argparse
import sys
from typing import Any

_EPILOG = """examples:
  report-extract completion bash >> ~/.bashrc
  report-extract completion zsh >> ~/.zshrc
  report-extract completion fish > ~/.config/fish/completions/report-extract.fish
"""
SHELLS = ("bash", "zsh", "fish", "powershell")


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "completion",
        help="print a script that completes commands and options in your shell",
        description="Print a completion script: load it in your shell's start-up file.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shell", choices=SHELLS, help="the shell")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    import argcomplete

    sys.stdout.write(argcomplete.shellcode(["report-extract"], shell=arguments.shell))
    return 0
