"""What is played on the test PBX. Each scenario returns its truth, known to the player and not read from the AMI.

`order` of a call: the facts that must come of it, as `type detail`; `*` stands for what the PBX chooses.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

from tests.pbx.phones import Person, agency, callers, citizen_phone, desk, finished, register
from tests.pbx.recorder import Recorder

Truth = list[dict[str, Any]]
Scenario = Callable[[Recorder], Awaitable[Truth]]

QUEUE, OVERFLOW = "psap-112", "psap-overflow"
BUDI = Person("081254001001", "Budi")
SITI = Person("085347002002", "Siti Aminah")
WARTEL = Person("0542765003", "Wartel Waru")
JOSE = Person("081350004004", "José Ñandú")
ANONYMOUS = Person("anonymous", "Anonymous")
ANSWERED = ["arrived", f"queued {QUEUE}", "ringing 101", "answered 101", "ended"]
UNDECIDED = "answered or abandoned: the queue's record decides"


def call(who: Person, outcome: str, order: list[str], agent: str | None = None, **more: Any) -> dict[str, Any]:
    truth = {"ani": who.number, "dialled": "112", "order": order, "outcome": outcome, "agent": agent}
    return {**truth, "ended_by": "caller", **more}


async def only(ami: Recorder, *desks: int) -> None:
    """Of the queue's desks 101 and 102, leave `desks` unpaused."""
    for number in (101, 102):
        paused = "false" if number in desks else "true"
        await ami.action(Action="QueuePause", Queue=QUEUE, Interface=f"PJSIP/{number}", Paused=paused)
    await asyncio.sleep(0.2)


async def answered(ami: Recorder) -> Truth:
    await only(ami, 101)
    with desk(101), callers([BUDI]) as caller:
        await finished(caller)
    return [call(BUDI, "answered", ANSWERED, "101")]


async def abandoned_in_queue(ami: Recorder) -> Truth:
    await only(ami, 101)
    with desk(101, "agent-silent"), callers([SITI], talk_ms=4000) as caller:
        await finished(caller)
    order = ["arrived", f"queued {QUEUE}", "ringing 101", "abandoned", "ended"]
    return [call(SITI, "abandoned", order, waited_s=4)]


async def abandoned_before_answer(ami: Recorder) -> Truth:
    """The network's call was never answered: the caller only heard ringing."""
    await only(ami, 101)
    with desk(101, "agent-silent"), callers([SITI], "1120", scenario="caller-gives-up") as caller:
        await finished(caller)
    order = ["arrived", f"queued {QUEUE}", "ringing 101", "abandoned", "ended"]
    return [call(SITI, "abandoned", order, dialled="1120", waited_s=3)]


async def second_agent_answers(ami: Recorder) -> Truth:
    await only(ami, 101)
    with desk(101, "agent-silent"), desk(102), callers([WARTEL], talk_ms=13000) as caller:
        await ami.until(b"Event: AgentRingNoAnswer")
        await only(ami, 102)
        await finished(caller)
    order = ["arrived", f"queued {QUEUE}", "ringing 101", "missed 101", "ringing 102", "answered 102", "ended"]
    return [call(WARTEL, "answered", order, "102")]


async def hold(ami: Recorder) -> Truth:
    await only(ami, 101)
    with desk(101, "agent-holds"), callers([BUDI], talk_ms=9000) as caller:
        await finished(caller)
    return [call(BUDI, "answered", [*ANSWERED[:-1], "held", "unheld", "ended"], "101", held_s=2)]


async def blind_transfer(ami: Recorder) -> Truth:
    """BlindTransfer moves the other side of the channel that it names: the desk's leg, or it drops the caller."""
    await only(ami, 101)
    with desk(101), agency(119), callers([BUDI], talk_ms=9000) as caller:
        await ami.until(b"Event: AgentConnect")
        await asyncio.sleep(2)
        leg = ami.last("DestChannel", Event="AgentConnect")
        await ami.action(Action="BlindTransfer", Channel=leg, Context="from-agents", Exten="119")
        await finished(caller)
    return [call(BUDI, "transferred", [*ANSWERED[:-1], "transferred 119 blind", "ended"], "101")]


async def attended_transfer(ami: Recorder) -> Truth:
    """By the desk's own keys: AMI's Atxfer sends code and number at once, before the transfer asks for the number."""
    await only(ami, 101)
    with desk(101), agency(113), callers([SITI], talk_ms=14000) as caller:
        await ami.until(b"Event: AgentConnect")
        await asyncio.sleep(2)
        leg = ami.last("DestChannel", Event="AgentConnect")
        for digit in "*2113":
            await ami.action(Action="PlayDTMF", Channel=leg, Digit=digit, Receive="true")
            await asyncio.sleep(0.4)
        await asyncio.sleep(4)
        await ami.action(Action="Hangup", Channel=leg)
        await finished(caller)
    order = [*ANSWERED[:-1], "held", "unheld", "transferred 113 attended", "ended"]
    return [call(SITI, "transferred", order, "101")]


async def anonymous(ami: Recorder) -> Truth:
    """Withheld without a number; withheld, yet asserted by the network; and not withheld, a name outside ASCII."""
    await only(ami, 101)
    with desk(101):
        with callers([ANONYMOUS], withheld=True, asserted=False) as caller:
            await finished(caller)
        await asyncio.sleep(3)
        with callers([JOSE], port=5082, withheld=True) as caller:
            await finished(caller)
        await asyncio.sleep(3)
        with callers([JOSE], port=5084) as caller:
            await finished(caller)
    return [
        call(ANONYMOUS, "answered", ANSWERED, "101", withheld=True),
        call(JOSE, "answered", ANSWERED, "101", withheld=True),
        call(JOSE, "answered", ANSWERED, "101", withheld=False),
    ]


async def ivr(ami: Recorder) -> Truth:
    """'Press 1': one caller does, one says nothing until the PBX hangs up, one hangs up in the menu."""
    await only(ami, 101)
    with desk(101):
        with callers([BUDI], "1121", talk_ms=6000) as caller:
            await ami.until(b"UserEvent: IvrEntered")
            await asyncio.sleep(1)
            channel = ami.last("Channel", UserEvent="IvrEntered")
            await ami.action(Action="PlayDTMF", Channel=channel, Digit="1", Receive="true")
            await finished(caller)
        with callers([SITI], "1121", port=5082, scenario="caller-stays") as caller:
            await finished(caller)
        with callers([WARTEL], "1121", port=5084, talk_ms=2000) as caller:
            await finished(caller)
    dropped = ["arrived", "ivr", "ivr_dropped", "ended"]
    return [
        call(BUDI, "answered", ["arrived", "ivr", *ANSWERED[1:]], "101", dialled="1121"),
        call(SITI, "ivr dropped", dropped, dialled="1121", ended_by="pbx"),
        call(WARTEL, "ivr dropped", dropped, dialled="1121"),
    ]


async def answer_button(ami: Recorder) -> Truth:
    """A desk phone picks up when a NOTIFY with `Event: talk` reaches it in the dialog that rings."""
    await only(ami, 101)
    with desk(101, "agent-answers-on-talk"), callers([BUDI], talk_ms=6000) as caller:
        await ami.until(b"Event: AgentCalled")
        await asyncio.sleep(1)
        leg = ami.last("DestChannel", Event="AgentCalled")
        await ami.action(Action="PJSIPNotify", Channel=leg, Variable="Event=talk")
        await finished(caller)
    return [call(BUDI, "answered", ANSWERED, "101")]


async def login_pause_logout(ami: Recorder) -> Truth:
    member: dict[str, str | int] = {"Queue": QUEUE, "Interface": "PJSIP/104"}
    steps: list[dict[str, str | int]] = [
        {"Action": "QueueAdd", "MemberName": "Rina", "Penalty": 1},
        {"Action": "QueuePause", "Paused": "true", "Reason": "istirahat"},
        {"Action": "QueuePause", "Paused": "false"},
        {"Action": "QueuePenalty", "Penalty": 0},
        {"Action": "QueueAdd", "MemberName": "Rina"},
        {"Action": "QueueRemove"},
        {"Action": "QueueRemove"},
    ]
    for step in steps:
        await ami.action(**step, **member)
        await asyncio.sleep(0.6)
    register(104, 0)
    await asyncio.sleep(0.5)
    register(104)
    await asyncio.sleep(0.5)
    return [{"agent": "104", "order": ["member", "paused istirahat", "member", "gone"]}]


async def callback(ami: Recorder) -> Truth:
    """The centre calls a citizen back, who answers; and once from a desk that is away, so that no call begins."""
    originate: dict[str, str | int] = {"Action": "Originate", "Context": "callback", "Exten": BUDI.number}
    originate |= {"Priority": 1, "CallerID": "112 <112>", "Async": "true"}
    with citizen_phone(), desk(101):
        await ami.action(**originate, Channel="PJSIP/101", Timeout=20000, ChannelId="siaga-cb-1")
        await ami.until(b"Event: BridgeEnter", count=2)
        await asyncio.sleep(2)
        await ami.action(Action="Hangup", Channel=ami.last("Channel", Event="OriginateResponse"))
        await asyncio.sleep(1)
        register(104, 0)
        await ami.action(**originate, Channel="PJSIP/104", Timeout=5000, ChannelId="siaga-cb-2")
        await asyncio.sleep(1.5)
        register(104)
    order = ["arrived", "answered 101", "ended"]
    first = {"called": BUDI.number, "outcome": "answered", "order": order, "agent": "101", "linkedid": "siaga-cb-1"}
    away = {"called": BUDI.number, "outcome": "failed", "order": [], "agent": "104", "linkedid": "siaga-cb-2"}
    return [first, away]


async def burst(ami: Recorder) -> Truth:
    """Twelve callers at once for four desks that hang up after a second and a half."""
    people = [Person(f"0812540{i:05d}", f"Penelepon {i}") for i in range(12)]
    for number in (103, 104):
        name = f"Call-taker {number}"
        await ami.action(Action="QueueAdd", Queue=QUEUE, Interface=f"PJSIP/{number}", MemberName=name)
    with ExitStack() as desks:
        for number in (101, 102, 103, 104):
            desks.enter_context(desk(number, "agent-hangs-up", 1500))
        with callers(people, scenario="caller-stays") as caller:
            await finished(caller, 120)
    await asyncio.sleep(1)
    for number in (103, 104):
        await ami.action(Action="QueueRemove", Queue=QUEUE, Interface=f"PJSIP/{number}")
    order = ["arrived", f"queued {QUEUE}", "ringing *", "answered *", "ended"]
    return [call(person, "answered", order, ended_by="agent") for person in people]


async def resync(ami: Recorder) -> Truth:
    """One call talking, one ringing, one waiting: what each listing says of them."""
    await only(ami, 101)
    listings = ("CoreShowChannels", "QueueStatus", "Status", "BridgeList", "DeviceStateList", "CoreStatus", "Ping")
    with desk(101), desk(102, "agent-silent"), callers([BUDI], talk_ms=9000) as talking, ExitStack() as later:
        await ami.until(b"Event: AgentConnect")
        await ami.action(Action="QueuePause", Queue=QUEUE, Interface="PJSIP/102", Paused="false")
        ringing = later.enter_context(callers([SITI], port=5082, talk_ms=5500))
        await ami.until(b"Event: QueueCallerJoin", count=2)
        waiting = later.enter_context(callers([WARTEL], port=5084, talk_ms=5000))
        await ami.until(b"Event: QueueCallerJoin", count=3)
        await asyncio.sleep(0.7)
        for listing in listings:
            await ami.action(Action=listing)
            await asyncio.sleep(0.35)
        for process in (ringing, waiting, talking):
            await finished(process)
    queued = ["arrived", f"queued {QUEUE}"]
    return [
        call(BUDI, "answered", ANSWERED, "101"),
        call(SITI, "abandoned", [*queued, "ringing 102", "abandoned", "ended"]),
        call(WARTEL, "abandoned", [*queued, "abandoned", "ended"]),
    ]


async def reload_mid_call(ami: Recorder) -> Truth:
    await only(ami, 101)
    with desk(101), callers([BUDI], talk_ms=6000) as caller:
        await ami.until(b"Event: AgentConnect")
        await asyncio.sleep(1)
        await ami.action(Action="Reload")
        for command in ("queue reload all", "module reload res_pjsip.so"):
            await asyncio.sleep(0.7)
            await ami.action(Action="Command", Command=command)
        await finished(caller)
    return [call(BUDI, "answered", ANSWERED, "101")]


async def restart_mid_call(ami: Recorder) -> Truth:
    """Both calls are gone after it; the second connection's listings show none of them."""
    await only(ami, 101)
    with desk(101), callers([BUDI], talk_ms=9000), ExitStack() as later:
        await ami.until(b"Event: AgentConnect")
        later.enter_context(callers([SITI], port=5082, talk_ms=9000))
        await ami.until(b"Event: QueueCallerJoin", count=2)
        await asyncio.sleep(1)
        await ami.action(Action="Command", Command="core restart now")
        await asyncio.wait_for(ami.ended.wait(), 20)
        ami.successor = await Recorder(ami.started).open()
        for listing in ("CoreShowChannels", "QueueStatus", "Status"):
            await ami.successor.action(Action=listing)
            await asyncio.sleep(0.3)
        await asyncio.sleep(1)
    lost = ["arrived", f"queued {QUEUE}", "ended"]
    return [
        call(BUDI, "answered", ANSWERED, "101", ended_by="pbx restart"),
        call(SITI, "lost", lost, ended_by="pbx restart"),
    ]


async def agent_dies_while_ringing(ami: Recorder) -> Truth:
    await only(ami, 101)
    with desk(101, "agent-silent") as dying, desk(102), callers([BUDI], talk_ms=13000) as caller:
        await ami.until(b"Event: AgentCalled")
        await asyncio.sleep(1)
        dying.kill()
        register(101, 0)
        await ami.action(Action="QueuePause", Queue=QUEUE, Interface="PJSIP/102", Paused="false")
        await finished(caller)
    register(101)
    await asyncio.sleep(0.3)
    order = ["arrived", f"queued {QUEUE}", "ringing 101", "missed 101", "ringing 102", "answered 102", "ended"]
    return [call(BUDI, "answered", order, "102")]


async def forwarded_between_queues(ami: Recorder) -> Truth:
    await only(ami, 101)
    with desk(101, "agent-silent"), desk(103), callers([SITI], "1122", talk_ms=13000) as caller:
        await finished(caller)
    first = ["arrived", f"queued {QUEUE}", "ringing 101", "missed 101"]
    order = [*first, "ringing 101", "missed 101", f"queued {OVERFLOW}", "ringing 103", "answered 103", "ended"]
    return [call(SITI, "answered", order, "103", dialled="1122")]


async def hangup_as_agent_answers(ami: Recorder) -> Truth:
    """The desk answers 1.3 s after the PBX did; callers hang up around that instant, so that both orders occur."""
    await only(ami, 101)
    truth: Truth = []
    with desk(101):
        for i in range(12):
            person, talk_ms = Person(f"08135{i:06d}", f"Balapan {i}"), 1284 + 4 * i
            with callers([person], talk_ms=talk_ms, port=5100 + 2 * i) as caller:
                await finished(caller)
            truth.append(call(person, UNDECIDED, [], hangs_up_after_ms=talk_ms))
            await asyncio.sleep(3)
    return truth


async def missed_ring_paused(ami: Recorder) -> Truth:
    """The desk lets it ring; whoever runs the centre pauses it, and the next desk answers."""
    await only(ami, 101)
    member: dict[str, str | int] = {"Interface": "PJSIP/101"}
    with desk(101, "agent-silent"), desk(102), callers([SITI], talk_ms=12000) as caller:
        await ami.until(b"Event: AgentRingNoAnswer")
        await ami.action(Action="QueuePause", Paused="true", Reason="missed_ring", **member)
        await ami.action(Action="QueuePause", Queue=QUEUE, Interface="PJSIP/102", Paused="false")
        await finished(caller)
    await ami.action(Action="QueuePause", Paused="false", **member)
    order = ["arrived", f"queued {QUEUE}", "ringing 101", "missed 101", "ringing 102", "answered 102", "ended"]
    return [call(SITI, "answered", order, "102")]


async def conference(ami: Recorder) -> Truth:
    """Citizen and desk move to a room, the fire brigade joins, the desk leaves: an introduced transfer."""
    await only(ami, 101)
    with desk(101), agency(113), callers([BUDI], talk_ms=12000) as caller:
        await ami.until(b"Event: AgentConnect")
        await asyncio.sleep(1.5)
        citizen, leg = (ami.last(key, Event="AgentConnect") for key in ("Channel", "DestChannel"))
        room = "".join(filter(str.isdigit, ami.last("Linkedid", Event="AgentConnect")))[-18:]
        place: dict[str, str | int] = {"Context": "siaga-conference", "Exten": room, "Priority": 1}
        extra = {f"Extra{key}": value for key, value in place.items()} | {"ExtraContext": "siaga-conference-helper"}
        await ami.action(Action="Redirect", Channel=citizen, ExtraChannel=leg, **place, **extra)
        await ami.until(b"Event: ConfbridgeJoin", count=2)
        helper = place | {"Context": "siaga-conference-helper", "ChannelId": "siaga-party-1", "Async": "true"}
        await ami.action(Action="Originate", Channel="Local/113@from-agents", Timeout=20000, **helper)
        await ami.until(b"Event: ConfbridgeJoin", count=3)
        await asyncio.sleep(2)
        await ami.action(Action="Hangup", Channel=leg)
        await finished(caller)
    order = [*ANSWERED[:-1], "joined 113", "transferred 113 attended", "ended"]
    return [call(BUDI, "answered", order, "101")]


async def listen(ami: Recorder) -> Truth:
    """A supervisor hears a call from a desk of their own, without being heard."""
    await only(ami, 101)
    with desk(101), desk(103, "agent-hangs-up", 3000), callers([BUDI], talk_ms=9000) as caller:
        await ami.until(b"Event: AgentConnect")
        await asyncio.sleep(1)
        leg = ami.last("DestChannel", Event="AgentConnect")
        spy: dict[str, str | int] = {"Application": "ChanSpy", "Data": f"{leg},qES", "CallerID": "112 <112>"}
        await ami.action(Action="Originate", Channel="PJSIP/103", ChannelId="siaga-spy-1", Async="true", **spy)
        await ami.until(b"Event: ChanSpyStart")
        await ami.action(Action="MuteAudio", Channel=leg, Direction="in", State="on")
        await asyncio.sleep(1)
        await ami.action(Action="MuteAudio", Channel=leg, Direction="in", State="off")
        await ami.until(b"Event: ChanSpyStop")
        await finished(caller)
    return [call(BUDI, "answered", [*ANSWERED[:-1], "monitored 103", "unmonitored 103", "ended"], "101")]


async def take_over(ami: Recorder) -> Truth:
    """The supervisor's own desk takes the caller over from the call-taker's."""
    await only(ami, 101)
    with desk(101), desk(103), callers([SITI], talk_ms=9000) as caller:
        await ami.until(b"Event: AgentConnect")
        await asyncio.sleep(1)
        leg = ami.last("DestChannel", Event="AgentConnect")
        await ami.action(Action="BlindTransfer", Channel=leg, Context="from-agents", Exten="103")
        await finished(caller)
    order = [*ANSWERED[:-1], "transferred 103 blind", "answered 103", "ended"]
    return [call(SITI, "transferred", order, "101", taken_over_by="103")]


SCENARIOS: dict[str, Scenario] = {
    scenario.__name__.replace("_", "-"): scenario
    for scenario in (
        answered,
        abandoned_in_queue,
        abandoned_before_answer,
        second_agent_answers,
        hold,
        blind_transfer,
        attended_transfer,
        anonymous,
        ivr,
        answer_button,
        login_pause_logout,
        callback,
        burst,
        resync,
        reload_mid_call,
        agent_dies_while_ringing,
        forwarded_between_queues,
        hangup_as_agent_answers,
        missed_ring_paused,
        conference,
        listen,
        take_over,
        restart_mid_call,
    )
}
