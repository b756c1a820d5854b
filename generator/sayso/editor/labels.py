"""What the fields of the forms are called, and what is to be known of each, in a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Label = tuple[str, str]  # what a field is called, and what is to be known of it


def labels(_: Callable[[str], str]) -> Mapping[str, Label]:
    """Give label and explanation of every field, by section and member; ``*`` for what says the same in every section."""
    return {
        "me.url": (
            _("Address"),
            _(
                "Where your profile is published, for example https://ada.example/. Keep it: an identity belongs to one address."
            ),
        ),
        "me.name": (_("Name"), _("Your name or a pseudonym. Everyone can read it.")),
        "me.languages": (_("Languages"), _("In which you want to be addressed, the best first: for example en, fr.")),
        "me.country": (_("Country"), _("Two capital letters, for example IE.")),
        "valid.kind": (
            _("How long all of this holds"),
            _("At most 400 days: consent must end. You can always sign again."),
        ),
        "valid.for": (_("For how long"), _("It begins when you sign.")),
        "valid.until": (_("Last day"), ""),
        "companies.key": (
            _("Web address of the company"),
            _("Only its domain, for example northpeak.example. It covers all that lies under it."),
        ),
        "companies.name": (_("Name"), _("What people call the company.")),
        "companies.stage": (_("Where we stand"), _("This permits nothing by itself.")),
        "groups.key": (_("Name of the group"), _("Small letters, digits and hyphens, for example outdoor.")),
        "groups.members": (_("Companies"), ""),
        "grants.to": (
            _("Who may"),
            _("Companies, or groups of them. Who is not here must be added to the companies first."),
        ),
        "grants.signals": (_("What they may see"), _("Nothing else is shared.")),
        "grants.purposes": (_("What they may use it for"), _("Nothing else is permitted.")),
        "grants.channels": (_("How they may reach you"), _("If nothing is chosen: not at all.")),
        "grants.categories": (_("Only about these products"), _("If nothing is chosen: about any.")),
        "grants.granularity": (_("How fine"), ""),
        "grants.lookback": (_("How far back"), _("If nothing is written, no limit is stated.")),
        "grants.frequency": (_("How often they may contact you"), _("If nothing is written, no limit is stated.")),
        "grants.retention": (_("They must delete it after"), _("If nothing is written, no limit is stated.")),
        "grants.sharing": (_("With whom they may share it"), ""),
        "grants.from": (_("First day"), ""),
        "grants.until": (_("Last day"), _("If nothing is written: as long as your profile.")),
        "grants.in_return": (_("What you get for it"), _("For information.")),
        "refusals.to": (_("Who may not"), ""),
        "refusals.signals": (_("What they may not see"), _("If nothing is chosen: all of it.")),
        "refusals.purposes": (_("What they may not use it for"), _("If nothing is chosen: for nothing at all.")),
        "refusals.channels": (_("How they may not reach you"), _("If nothing is chosen: in no way.")),
        "refusals.categories": (_("Which products it is about"), _("If nothing is chosen: about all of them.")),
        "channels.key": (_("Way to reach you"), ""),
        "channels.rule": (_("What holds for all companies"), _("It only narrows what you permitted.")),
        "channels.max": (_("How often, all in all"), _("If nothing is written, no limit is stated.")),
        "channels.quiet": (
            _("Quiet hours"),
            _("From, to, and the time zone of a large city, for example Europe/Dublin."),
        ),
        "wants.what": (_("What you are looking for"), _("Everyone can read it.")),
        "wants.budget": (_("Budget"), _("In your own words.")),
        "wants.category": (_("Category"), ""),
        "wants.open_to": (
            _("Who may answer"),
            _(
                "They may make you offers for it, and use it for nothing else. If nobody is chosen, it is for information."
            ),
        ),
        "wants.channels": (_("How they may answer"), _("If nothing is chosen: not at all.")),
        "wants.until": (_("Last day"), _("Until then you want offers.")),
        "interests.topic": (_("Topic"), _("In your own words, for example trail running.")),
        "interests.level": (_("How much you care"), ""),
        "*.note": (_("Remark"), _("It is shown on your page: everyone can read it.")),
        "*.id": (
            _("Short name"),
            _("Small letters, digits and hyphens. If you leave it empty, it is made for you; later keep it as it is."),
        ),
    }


def label_of(found: Mapping[str, Label], section: str, name: str) -> Label:
    """Give label and explanation of a field."""
    return found.get(f"{section}.{name}") or found[f"*.{name}"]


def section_names(_: Callable[[str], str]) -> Mapping[str, tuple[str, str, str, str]]:
    """Give of each section what it is called, what it is for, and what adding and changing an entry are called."""
    return {
        "me": (_("You"), "", "", _("Change what is said of you")),
        "valid": (_("How long it holds"), "", "", _("Change how long it holds")),
        "grants": (
            _("What you permit"),
            _("Nothing else is permitted."),
            _("Permit something"),
            _("Change a permission"),
        ),
        "refusals": (
            _("What you refuse"),
            _("A refusal wins over everything that is permitted."),
            _("Refuse something"),
            _("Change a refusal"),
        ),
        "channels": (
            _("Contact rules"),
            _("These hold for every company, whatever it was granted."),
            _("Add a contact rule"),
            _("Change a contact rule"),
        ),
        "wants": (
            _("What you want to buy"),
            _("Companies that you choose may answer with offers."),
            _("Add something you want"),
            _("Change something you want"),
        ),
        "interests": (
            _("What you care about"),
            "",
            _("Add an interest"),
            _("Change an interest"),
        ),
        "companies": (
            _("Companies"),
            _("Who is not in this list gets nothing. To be in it permits nothing yet."),
            _("Add a company"),
            _("Change a company"),
        ),
        "groups": (
            _("Groups"),
            _("A name for several companies, so that you can permit or refuse to all of them at once."),
            _("Add a group"),
            _("Change a group"),
        ),
    }
