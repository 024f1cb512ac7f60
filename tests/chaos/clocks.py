"""A clock that is set while everything runs: an hour ahead, an hour back."""

import time

from tests.chaos.stage import Stage

HOUR = 3600


def jump(stage: Stage) -> str:
    """Sets the machine's clock an hour off, and right again after a while: two jumps."""
    off = HOUR if stage.random.random() < 0.5 else -HOUR
    stage.machine.set_clock(off)
    try:
        # A process sees it within a second.
        time.sleep(stage.lasting(4, 10))
        out = stage.crowd.all_out()
        stage.machine.until(out, "people who came before the clock was set")
    finally:
        stage.machine.set_clock(0)
    time.sleep(1.5)
    stage.count("clock jumps", 2)
    return f"clock set {off // HOUR:+d} h, and right again"
