"""The main menu: its groups, and what each entry leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from flask import Flask, current_app, request
from werkzeug.routing import Map

from tracker.messages import message


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
    """Places that belong together; those of an `open` group stand in the bar itself. Some are for one width alone."""

    name: str
    places: tuple[MenuEntry, ...]
    open: bool = False
    shown: Literal["always", "wide", "narrow"] = "always"

    @property
    def here(self) -> MenuEntry | None:
        """The place of this group that is being shown."""
        return next((place for place in self.places if place.here), None)


_STATUS = (
    MenuEntry("/", message("Treaties"), message("parties, threshold and entry into force of every treaty")),
    MenuEntry("/participants", message("States"), message("every State and organization, with its status")),
)
_BODIES = (
    MenuEntry("/bodies", message("Bodies"), message("members, and the treaties they monitor")),
    MenuEntry(
        "/assessments", message("Assessments and listings"), message("lists, tiers and evaluation rounds over time")
    ),
)
_GROUPS = (
    MenuGroup(message("Status"), (*_STATUS, *_BODIES), shown="narrow"),
    MenuGroup("", _STATUS, shown="wide", open=True),
    MenuGroup(message("Bodies"), _BODIES, shown="wide"),
    MenuGroup(message("Explore"), (
        MenuEntry("/map", message("Map"), message("status of every State on a world map")),
        MenuEntry("/matrix", message("Matrix"), message("every participant on every treaty, with action and date")),
        MenuEntry("/network", message("Network"), message("links between States, treaties and bodies")),
        MenuEntry(
            "/disputes", message("Disputes clause"), message("exclusions and access to the International Court")
        ),
        MenuEntry("/timeline", message("Timeline"), message("signatories and parties over time")),
        MenuEntry("/compare", message("Compare"), message("States or treaties side by side")),
    )),
    MenuGroup(message("Analyse"), (
        MenuEntry(
            "/needed", message("Pending treaties"), message("deposits remaining and States that could make them")
        ),
        MenuEntry(
            "/deadline", message("Deadlines"), message("last date of deposit, date of effect of a denunciation")
        ),
        MenuEntry("/what-if", message("Scenario"), message("test deposits, withdrawals or other final clauses")),
        MenuEntry("/select", message("Query"), message("find States by membership, status and listing")),
        MenuEntry("/claims", message("Check a figure"), message("dates on which a published count matches our data")),
        MenuEntry("/targets", message("Targets"), message("targets and reported figures, checked")),
    )),
    MenuGroup(message("Alerts"), (
        MenuEntry("/subscribe", message("Get alerts"), message("by e-mail, webhook, feed or calendar")),
        MenuEntry(
            "/watchlist", message("My treaties"), message("treaties and States you watch, kept in this browser")
        ),
        MenuEntry("/changes", message("Latest changes"), message("updates to the data, newest first")),
    )),
    MenuGroup(message("Data"), (
        MenuEntry("/data", message("Download"), message("download all data")),
        MenuEntry("/api", message("API"), message("every answer for applications, with examples")),
        MenuEntry("/embed", message("Embed"), message("a badge, bar, map or table on your site")),
        MenuEntry("/findings", message("Data quality"), message("inconsistencies and gaps in the data")),
        MenuEntry("/about", message("Methods and glossary"), message("terms, counts and sources")),
    )),
)  # fmt: skip
_FOOTER = (
    MenuGroup("", (
        MenuEntry("/subscribe", message("Get alerts"), ""),
        MenuEntry("/about", message("Methods and glossary"), ""),
        MenuEntry("/sign-in", message("Sign in"), ""),
    )),
)  # fmt: skip


def install(app: Flask) -> None:
    """Give the templates the menu and the links of the footer."""
    app.context_processor(lambda: {"menu": menu, "footer_links": footer_links})


def menu() -> tuple[MenuGroup, ...]:
    """The groups with the places that this application serves."""
    return _served_groups(current_app.url_map, _GROUPS)


def footer_links() -> tuple[MenuEntry, ...]:
    """The places of the footer that this application serves."""
    return _served_groups(current_app.url_map, _FOOTER)[0].places


@lru_cache(maxsize=8)
def _served_groups(rules: Map, groups: tuple[MenuGroup, ...]) -> tuple[MenuGroup, ...]:
    read = (rule for rule in rules.iter_rules() if "GET" in (rule.methods or ()))
    endpoints = {rule.rule.rstrip("/") or "/": rule.endpoint for rule in read}
    return tuple(
        replace(
            group,
            places=tuple(
                replace(each, endpoint=endpoints[each.path]) for each in group.places if each.path in endpoints
            ),
        )
        for group in groups
    )
