"""`make sbom`: writes the list of what is inside (CycloneDX 1.6, JSON) from the lock that runs.

The same lock gives the same bytes: there is no time in it, and its number is made of what it lists.
"""

import json
import tomllib
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.markers import Marker

from supply.carried import CARRIED, Carried
from supply.locks import Pin, pins

ROOT = Path(__file__).resolve().parent.parent
FILE = "sbom.cdx.json"
# The machine of the image, as the lock's markers ask for it; any 3.11 from 3.11.3 on.
IMAGE = {
    "python_full_version": "3.11.14",
    "python_version": "3.11",
    "sys_platform": "linux",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
}
# What numbers of such lists are derived from: any fixed one will do.
NAMESPACE = uuid.UUID("6c1f8bb2-6c0c-4a3e-9f0e-6f1f43c0a043")


def sbom(project: str, lock: str, carried: Iterable[Carried] = CARRIED) -> str:
    """The list as JSON, from the texts of pyproject.toml and of the lock."""
    about = tomllib.loads(project)["project"]
    bom = Bom(components=_components(pins(lock), list(carried)))
    bom.metadata.component = Component(
        name=about["name"],
        version=about["version"],
        type=ComponentType.APPLICATION,
        bom_ref=about["name"],
        licenses=[LicenseExpression(about["license"])],
    )
    bom.register_dependency(bom.metadata.component, bom.components)
    # The library gives each list a time and a number of its own.
    written = json.loads(JsonV1Dot6(bom).output_as_string())
    del written["serialNumber"], written["metadata"]["timestamp"]
    number = uuid.uuid5(NAMESPACE, json.dumps(written, sort_keys=True))
    return json.dumps({**written, "serialNumber": number.urn}, indent=1, sort_keys=True) + "\n"


def _components(pinned: Iterable[Pin], carried: list[Carried]) -> Iterator[Component]:
    for pin in pinned:
        yield Component(
            name=pin.name,
            version=pin.version,
            type=ComponentType.LIBRARY,
            bom_ref=f"{pin.name}=={pin.version}",
            purl=PackageURL("pypi", None, pin.name, pin.version),
            scope=ComponentScope.REQUIRED if in_image(pin) else ComponentScope.OPTIONAL,
            # One for each file that the release may be installed from.
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
            properties=[Property(name="coprod:marker", value=pin.marker)] if pin.marker else [],
            components=[
                _within(each)
                for each in carried
                if (each.carrier, each.carrier_version) == (pin.name, pin.version)
            ],
        )


def _within(carried: Carried) -> Component:
    return Component(
        name=carried.name,
        version=carried.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{carried.carrier}/{carried.name}",
        licenses=[LicenseExpression(carried.licence)],
        properties=[Property(name="coprod:file", value=carried.file)],
    )


def in_image(pin: Pin) -> bool:
    """Whether the image has it; what only other machines have is listed as optional."""
    return not pin.marker or Marker(pin.marker).evaluate(dict(IMAGE))


if __name__ == "__main__":
    project, lock = (ROOT / "pyproject.toml").read_text(), (ROOT / "requirements.lock").read_text()
    (ROOT / FILE).write_text(sbom(project, lock))
