"""The hosts for which sayso writes a workflow: where each looks for it, and what its owner still has to do there.

The workflows are files beside this module. Pure, except for reading them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

from sayso import __version__
from sayso.errors import PublishError


@dataclass(frozen=True, slots=True)
class Host:
    """A host; ``file`` is where it looks in a repository, ``template`` is ours, ``next`` is left to its owner."""

    file: str
    template: str
    next: tuple[str, ...]


HOSTS = {
    "github": Host(
        ".github/workflows/sayso.yml",
        "github.yml",
        (
            "once, at GitHub: Settings, Pages, Source: GitHub Actions; a domain of your own goes there too",
            "commit the file and signed/, but not public/, and push",
        ),
    ),
    "gitlab": Host(
        ".gitlab-ci.yml",
        "gitlab.yml",
        (
            "once, at GitLab: Deploy, Pages: let everyone see it, at the address of your profile",
            "for a daily look at what is served: Build, Pipeline schedules",
            "commit the file and signed/, but not public/, and push",
        ),
    ),
    "netlify": Host(
        "netlify.toml",
        "netlify.toml",
        ("once, at Netlify: import the repository", "commit the file and signed/, but not public/, and push"),
    ),
    "cloudflare": Host(
        "wrangler.toml",
        "cloudflare.toml",
        (
            "once, at Cloudflare: a Pages project of this repository, with the build command that the file tells",
            "commit the file and signed/, but not public/, and push",
        ),
    ),
}


def workflow(host: str, folder: str, repository: str, install: str | None = None) -> bytes:
    """Give the workflow for a host; ``folder`` is the profile's, below the top of the repository of that name.

    ``install`` is what pip installs sayso from; this release, by its name, if not given. Raises PublishError for a folder or
    a source that a shell or YAML would read as something else.
    """
    install = install or f"sayso=={__version__}"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9@._+:/=~-]*", install):
        raise PublishError(
            "workflow-path",
            f"`{install}` cannot stand in a workflow",
            hint="for example git+https://HOST/OWNER/sayso@COMMIT",
        )
    if not re.fullmatch(r"[A-Za-z0-9_.][A-Za-z0-9_./-]*", folder):
        raise PublishError(
            "workflow-path",
            f"`{folder}` cannot stand in a workflow",
            hint="give the folder a name of letters, digits, dots, hyphens and low lines",
        )
    text = files("sayso.publish").joinpath("workflows", HOSTS[host].template).read_text("utf-8")
    name = re.sub(r"[^a-z0-9]+", "-", repository.lower())[:58].strip("-") or "sayso"
    site = "public" if folder == "." else f"{folder}/public"
    for place, value in (("__FOLDER__", folder), ("__SITE__", site), ("__INSTALL__", install), ("__NAME__", name)):
        text = text.replace(place, value)
    return text.encode()
