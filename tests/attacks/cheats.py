"""All cheats: notebooks that try to get, read, change or harm what they must not."""

from tests.attacks.changing import changing
from tests.attacks.forging import forging
from tests.attacks.harming import harming
from tests.attacks.injecting import injecting
from tests.attacks.registry import Attack
from tests.attacks.stealing import stealing

FAMILIES = (forging, stealing, changing, harming, injecting)
CHEATS: tuple[Attack, ...] = tuple(a for f in FAMILIES for a in f.attacks)
