"""Processes die, machines say no, operators press Ctrl-C: nothing is left behind, nobody without a sentence."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bot.corpus import Knowledge
from bot.settings import ROOT

from .conftest import CANARY, Safar, command_line, start

pytestmark = pytest.mark.integration
QUESTION = "Россия армиясына кирсем, мекенимде жазаланамбы?"


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_a_killed_dialogue_engine_comes_back_and_the_user_is_told(safar: Safar, knowledge: Knowledge) -> None:
    before = safar.chat(QUESTION, citizenship="KG")
    safar.child("rasa").kill()
    during = safar.chat(QUESTION, conversation=before["conversation"], citizenship="KG")
    phrases = knowledge.phrases["ky"]
    assert during["messages"][0]["text"] in (phrases.say("busy"), phrases.say("action_failed"))
    assert safar.client.get("/readyz").status_code == 503
    assert safar.client.get("/healthz").status_code == 200
    safar.wait_until_ready(120)
    after = safar.chat(QUESTION, conversation=before["conversation"], citizenship="KG")
    assert after["messages"][0]["kind"] == "answer"


def test_a_killed_service_comes_back_and_knows_its_conversations(safar: Safar) -> None:
    before = safar.chat(QUESTION, citizenship="KG")
    safar.child("service").kill()
    wait_for(lambda: any("service" in command_line(child) for child in safar.process.children()))
    safar.wait_until_ready(120)
    after = safar.chat(QUESTION, conversation=before["conversation"], citizenship="KG")
    assert after["conversation"] == before["conversation"]
    assert after["messages"][0]["kind"] == "answer"


def test_an_action_that_raises_gives_a_sentence_and_no_trace(safar: Safar, knowledge: Knowledge) -> None:
    environment = safar.child("rasa").environ()
    proof = {"X-Safar-Secret": environment["SAFAR_INTERNAL_SECRET"]}
    broken = {"next_action": "action_answer", "tracker": {"latest_message": {"text": CANARY, "metadata": {}}}}
    response = safar.client.post("/internal/actions", json=broken, headers=proof)
    assert (
        knowledge.phrases["ru"].say("action_failed") in response.json()["responses"][0]["custom"]["messages"][0]["text"]
    )
    assert CANARY not in response.text
    assert CANARY not in safar.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_behind(tmp_path: Path, number: signal.Signals) -> None:
    running = start(tmp_path)
    wait_for(lambda: len(running.process.children()) == 2, 120)
    if number == signal.SIGTERM:
        running.wait_until_ready()
    family = running.process.children(recursive=True)
    running.stop(number)
    wait_for(lambda: not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in family))
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", running.port)) != 0
    if number != signal.SIGKILL:
        assert running.process.returncode == 0
        assert "Traceback" not in running.log.read_text()


def test_a_taken_port_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "PORT": str(port)}
        done = subprocess.run(
            [sys.executable, "-m", "bot", "serve"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    assert "PORT=8123 make serve" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


# Outside connections ---------------------------------------------------------------------------------------------

# A network of its own whose only way out is an interface that counts and leads nowhere, for name look-ups too.
_ISOLATED = """
set -e
ip link set lo up
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add out type veth peer name nowhere
ip link set nowhere up
ip link set out up
ip addr add 192.0.2.2/24 dev out
ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev out
ip route add default via 192.0.2.1
echo nameserver 192.0.2.1 > "$0"
mount --bind "$0" /etc/resolv.conf
exec "$@"
"""


def sent(process: psutil.Process) -> int:
    """Returns how many packets a process's network has sent to the outside."""
    lines = Path(f"/proc/{process.pid}/net/dev").read_text().splitlines()
    row = next(line for line in lines if line.strip().startswith("out:"))
    return int(row.split(":")[1].split()[8])


def test_nothing_connects_to_the_outside(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.fail("this test needs 'unshare' and 'ip' (Debian: util-linux, iproute2)")
    resolver = str(tmp_path / "resolv.conf")
    running = start(tmp_path, "unshare", "--net", "--mount", "--map-root-user", "sh", "-c", _ISOLATED, resolver)
    try:
        inside = ["nsenter", "-t", str(running.process.pid), "-n", "-U", "--preserve-credentials"]
        ask = "import httpx,sys,time\n" + (
            f"base='http://127.0.0.1:{running.port}'\n"
            "for _ in range(1500):\n"
            "    try:\n"
            "        if httpx.get(base+'/readyz').status_code==200: break\n"
            "    except httpx.HTTPError: pass\n"
            "    time.sleep(0.2)\n"
            "for text in sys.argv[1:]:\n"
            "    r=httpx.post(base+'/api/chat',json={'text':text},timeout=60); print(r.json()['messages'][0]['kind'])\n"
            "for path in ('/','/docs','/api/languages'): httpx.get(base+path)\n"
        )
        command = [*inside, sys.executable, "-c", ask, QUESTION, "salam", "10"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.split()[0] == "answer"
        family = [running.process, *running.process.children(recursive=True)]
        assert len(family) >= 3
        assert sent(family[-1]) == 0
        # The counter does count: a look-up and a connection of our own are seen.
        attempt = (
            "import socket; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('203.0.113.1', 53))"
        )
        subprocess.run([*inside, sys.executable, "-c", attempt], check=True)
        assert sent(family[-1]) > 0
    finally:
        running.stop()
