"""A PBX without telephones: speaks AMI over TCP as Asterisk 22 does and lives through a believable day."""

from telephony.simulator.day import Day
from telephony.simulator.model import SimulatedCall
from telephony.simulator.pbx import PbxSimulator

__all__ = ["Day", "PbxSimulator", "SimulatedCall"]
