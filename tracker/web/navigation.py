"""The main menu: its groups, and what each entry leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from flask import Flask, current_app, request
from werkzeug.routing import Map


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page of the menu: its address, its name, what it answers, and the endpoint that serves it."""

    path: str
    name: str
    answers: str
    endpoint: str = ""

    @property
    def here(self) -> bool:
        """Is the page that is being made this one, or one below it?"""
        path = "/instruments" if request.path == "/" else request.path
        own = "/instruments" if self.path == "/" else self.path
        return path == own or path.startswith(f"{own}/")


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Places that belong together; those of an `open` group stand in the bar itself where there is room."""

    name: str
    places: tuple[MenuEntry, ...]
    open: bool = False

    @property
    def here(self) -> MenuEntry | None:
        """The place of this group that is being shown."""
        return next((place for place in self.places if place.here), None)


_GROUPS = (
    MenuGroup("Record", (
        MenuEntry("/", "Instruments", "every treaty: parties, threshold, entry into force"),
        MenuEntry("/participants", "Participants", "every State and organization"),
        MenuEntry("/bodies", "Bodies", "members, and the instruments they watch"),
        MenuEntry("/assessments", "Assessments", "lists, tiers and rounds through time"),
    ), open=True),
    MenuGroup("Views", (
        MenuEntry("/matrix", "Matrix", "participants by instruments, act and date in each cell"),
        MenuEntry("/map", "Map", "who stands where on the map of the world"),
        MenuEntry("/network", "Network", "who is tied to what, and who is missing"),
        MenuEntry("/timeline", "Timeline", "signatories and parties through time"),
        MenuEntry("/compare", "Compare", "participants or instruments side by side"),
    )),
    MenuGroup("Questions", (
        MenuEntry("/deadline", "Deadlines", "the last day to deposit, the effect of a denunciation"),
        MenuEntry("/what-if", "What if", "suppose deposits, withdrawals or other terms"),
        MenuEntry("/needed", "Needed", "what pending instruments lack, and who could tip them"),
        MenuEntry("/claims", "Claims", "on which days a published figure was true"),
        MenuEntry("/select", "Select", "cross memberships, standings and judgements"),
        MenuEntry("/targets", "Targets", "goals and reported figures against the record"),
    )),
    MenuGroup("Watch", (
        MenuEntry("/changes", "Changes", "what the record learned, and when"),
        MenuEntry("/findings", "Findings", "where the record breaks a rule or has a gap"),
        MenuEntry("/subscribe", "Be told", "by e-mail, webhook or feed, once for each change"),
    )),
    MenuGroup("About", (
        MenuEntry("/about", "Words and counts", "what the words mean, how the counts differ, the sources"),
        MenuEntry("/data", "Data", "the whole record to take away"),
        MenuEntry("/api", "API", "every answer for programs, described and tried"),
        MenuEntry("/embed", "Embed", "a badge, a bar, a map or a table on your site"),
        MenuEntry("/sign-in", "For editors", "sign in to decide what was held back and set targets"),
    )),
)  # fmt: skip


def install(app: Flask) -> None:
    """Give the templates the menu."""
    app.context_processor(lambda: {"menu": menu})


def menu() -> tuple[MenuGroup, ...]:
    """The groups with the places that this application serves."""
    return _served(current_app.url_map)


@lru_cache(maxsize=8)
def _served(rules: Map) -> tuple[MenuGroup, ...]:
    read = (rule for rule in rules.iter_rules() if "GET" in (rule.methods or ()))
    endpoints = {rule.rule.rstrip("/") or "/": rule.endpoint for rule in read}
    return tuple(
        replace(
            group,
            places=tuple(
                replace(each, endpoint=endpoints[each.path]) for each in group.places if each.path in endpoints
            ),
        )
        for group in _GROUPS
    )
