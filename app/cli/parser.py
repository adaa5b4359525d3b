"""The command line's own words: help and usage errors in Swedish, from argparse."""

import argparse
import re
from collections.abc import Iterable
from typing import NoReturn, TypeAlias

_SENTENCES = {  # what argparse says → what to do
    r"the following arguments are required: (.+)": "{0} saknas.",
    r"unrecognized arguments: (.+)": "{0} finns inte här.",
    r"argument (.+?): expected (?:one|at least one) argument": "{0} saknar sitt värde.",
    r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)": "{1} går inte att välja för {0}. Välj {2}.",
    r"argument (.+?): invalid .* value: '?(.*?)'?": "{1} passar inte för {0}.",
    r"ambiguous option: (\S+) could match (.+)": "{0} kan betyda {1}. Skriv hela.",
}


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors are Swedish. An error is one sentence on stderr, exit status 2."""

    def __init__(self, *, prog: str, about: str) -> None:
        super().__init__(prog=prog, description=about, add_help=False, formatter_class=_Help)
        self._positionals.title = "argument"
        self._optionals.title = "val"
        self.add_argument("-h", "--help", action="help", help="visa den här hjälpen")

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{_in_swedish(message)} Hjälp finns med: {self.prog} --help\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def command(commands: Commands, name: str, about: str) -> Parser:
    """One more command among these."""
    made: Parser = commands.add_parser(name, help=about, about=f"{about[0].upper()}{about[1:]}.")
    return made


class _Help(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "så här: " if prefix is None else prefix)


def _in_swedish(message: str) -> str:
    for pattern, sentence in _SENTENCES.items():
        if match := re.fullmatch(pattern, message):
            return sentence.format(*(each.replace("'", "") for each in match.groups()))
    return "Anropet går inte att förstå."
