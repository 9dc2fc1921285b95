"""What the simulated PBX answers to the actions that the centre uses, in Asterisk's own words."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from telephony.simulator.model import Desk, Fields, SimulatedCall
from telephony.simulator.server import Answer, error, success

if TYPE_CHECKING:
    from telephony.simulator.pbx import PbxSimulator

_Action = dict[str, str]


class Manager:
    def __init__(self, pbx: "PbxSimulator") -> None:
        self._pbx = pbx
        self._answers: dict[str, Callable[[_Action], Answer]] = {
            "Ping": self._ping,
            "Logoff": lambda _: [[("Response", "Goodbye"), ("Message", "Thanks for all the fish.")]],
            "CoreShowChannels": self._core_show_channels,
            "QueueStatus": self._queue_status,
            "Status": self._status,
            "BridgeList": self._bridge_list,
            "QueueAdd": self._queue_add,
            "QueueRemove": self._queue_remove,
            "QueuePause": self._queue_pause,
            "UserEvent": self._user_event,
            "DBPut": self._db_put,
            "DBDel": self._db_del,
            "DBGetTree": self._db_get_tree,
            **pbx.acts.answers(),
        }

    def answer(self, action: _Action) -> Answer:
        answer = self._answers.get(action.get("Action", ""))
        if answer is None:
            name = action.get("Action", "")
            return [error(f"Invalid/unknown command: {name}. Use Action: ListCommands to show available commands.")]
        return answer(action)

    def _ping(self, action: _Action) -> Answer:
        return [[("Response", "Success"), ("Ping", "Pong"), ("Timestamp", f"{self._pbx.teller.epoch}.000000")]]

    def _core_show_channels(self, action: _Action) -> Answer:
        now_s = self._pbx.now_s
        listed = [[("Event", "CoreShowChannel"), *one.listed(now_s)] for one in self._pbx.channels()]
        return _list("Channels will follow", listed, "CoreShowChannelsComplete")

    def _status(self, action: _Action) -> Answer:
        now_s = self._pbx.now_s
        listed = [[("Event", "Status"), *one.status(now_s)] for one in self._pbx.channels()]
        start, *events, end = _list("Channel status will follow", listed, "StatusComplete")
        return [start, *events, [*end, ("Items", str(len(listed)))]]

    def _queue_status(self, action: _Action) -> Answer:
        pbx = self._pbx
        listed = [[("Event", "QueueParams"), ("Queue", pbx.queue), *_queue_params(len(pbx.waiting))]]
        listed += [[("Event", "QueueMember"), *desk.listed(pbx.queue)] for desk in pbx.desks.values()]
        for position, call in enumerate(pbx.waiting, 1):
            listed.append([("Event", "QueueEntry"), ("Queue", pbx.queue), *self._entry(position, call)])
        return _list("Queue status will follow", listed, "QueueStatusComplete")

    def _entry(self, position: int, call: SimulatedCall) -> Fields:
        channel = call.channel
        return [
            ("Position", str(position)),
            ("Channel", channel.name),
            ("Uniqueid", channel.uniqueid),
            ("CallerIDNum", channel.number),
            ("CallerIDName", channel.caller_name),
            ("ConnectedLineNum", channel.connected[0].strip("<>")),
            ("ConnectedLineName", channel.connected[1].strip("<>")),
            ("Wait", str(int(self._pbx.now_s - call.queued_at_s))),
            ("Priority", "0"),
        ]

    def _bridge_list(self, action: _Action) -> Answer:
        bridges = [call.channel.bridge for call in self._pbx.calls.values() if call.channel.bridge]
        listed = [[("Event", "BridgeListItem"), *self._pbx.teller.bridge(bridge, 2)] for bridge in bridges]
        return _list("Bridge listing will follow", listed, "BridgeListComplete")

    def _queue_add(self, action: _Action) -> Answer:
        interface = action.get("Interface", "")
        number = interface.removeprefix("PJSIP/")
        if action.get("Queue") != self._pbx.queue:
            return [error("Unable to add interface to queue: No such queue")]
        if number in self._pbx.desks:
            return [error("Unable to add interface: Already there")]
        epoch = self._pbx.teller.epoch
        desk = Desk(number, action.get("MemberName", interface), epoch, membership="dynamic")
        self._pbx.desks[number] = desk
        self._pbx.teller.member("QueueMemberAdded", desk)
        self._pbx.teller.log("MANAGER", interface, "ADDMEMBER", "")
        self._pbx.wake_waiting()
        return [success("Added interface to queue")]

    def _queue_remove(self, action: _Action) -> Answer:
        interface = action.get("Interface", "")
        desk = self._pbx.desks.pop(interface.removeprefix("PJSIP/"), None)
        if desk is None:
            return [error("Unable to remove interface: Not there")]
        self._pbx.teller.member("QueueMemberRemoved", desk)
        self._pbx.teller.log("MANAGER", interface, "REMOVEMEMBER", "")
        return [success("Removed interface from queue")]

    def _queue_pause(self, action: _Action) -> Answer:
        number = action.get("Interface", "").removeprefix("PJSIP/")
        if number not in self._pbx.desks:
            return [error("Interface not found")]
        paused = action.get("Paused", "").lower() in {"true", "1", "yes"}
        self._pbx.set_paused(number, paused, action.get("Reason", ""))
        return [success(f"Interface {'paused' if paused else 'unpaused'} successfully")]

    def _user_event(self, action: _Action) -> Answer:
        fields = [(key, value) for key, value in action.items() if key != "Action"]
        self._pbx.teller.emit("UserEvent", "user", fields)
        return [success("Event Sent")]

    def _db_put(self, action: _Action) -> Answer:
        self._pbx.database[f"/{action.get('Family', '')}/{action.get('Key', '')}"] = action.get("Val", "")
        return [success("Updated database successfully")]

    def _db_del(self, action: _Action) -> Answer:
        if self._pbx.database.pop(f"/{action.get('Family', '')}/{action.get('Key', '')}", None) is None:
            return [error("Database entry not found")]
        return [success("Key deleted successfully")]

    def _db_get_tree(self, action: _Action) -> Answer:
        family = f"/{action.get('Family', '')}/"
        held = [(key, value) for key, value in self._pbx.database.items() if key.startswith(family)]
        listed: list[Fields] = [[("Event", "DBGetTreeResponse"), ("Key", key), ("Val", value)] for key, value in held]
        return _list("Result will follow", listed, "DBGetTreeComplete")


def _queue_params(calls: int) -> Fields:
    numbers = {"Holdtime": "0", "TalkTime": "0", "Completed": "0", "Abandoned": "0", "ServiceLevel": "10"}
    head = [("Max", "0"), ("Strategy", "rrmemory"), ("Calls", str(calls))]
    return [*head, *numbers.items(), ("ServicelevelPerf", "0.0"), ("ServicelevelPerf2", "0.0"), ("Weight", "10")]


def _list(message: str, listed: list[Fields], complete: str) -> Answer:
    start = [("Response", "Success"), ("EventList", "start"), ("Message", message)]
    end = [("Event", complete), ("EventList", "Complete"), ("ListItems", str(len(listed)))]
    return [start, *listed, end]
