"""PURE: under which licence a bundle can be published, and what its LICENSE.txt says."""

from dataclasses import dataclass

from experiments.said import said


@dataclass(frozen=True)
class Licence:
    """A licence by its name, with its address; none for what is published without one."""

    name: str
    said: str
    url: str = ""

    @property
    def text(self) -> str:
        """LICENSE.txt."""
        return f"{self.name}\n\n{self.said}\n" + (f"\n{self.url}\n" if self.url else "")


LICENCES: dict[str, Licence] = {
    "cc-by-4.0": Licence(
        said("Creative Commons Attribution 4.0 International (CC BY 4.0)"),
        "You may share and adapt what is in this bundle for any purpose if you say whose it is, "
        "link to the licence and say what you changed. SPDX-License-Identifier: CC-BY-4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "cc0-1.0": Licence(
        said("Creative Commons Zero 1.0 Universal (CC0 1.0)"),
        "Whoever made this bundle gives up all rights in it worldwide, as far as the law lets "
        "them: it may be used for any purpose without asking. SPDX-License-Identifier: CC0-1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    "none": Licence(
        said("No licence is stated"),
        "Whoever made this bundle did not say under which licence it may be used. Ask them before "
        "you publish it or anything made from it; reading and checking it is what it is for.",
    ),
}
