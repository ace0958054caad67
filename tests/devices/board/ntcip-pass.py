#!/usr/bin/env python3
"""A sign after NTCIP 1203 behind somebody else's SNMP agent: net-snmp's snmpd asks this script (pass_persist). What it shows goes, in hex, to the file of its argument."""
import sys

DMS = ".1.3.6.1.4.1.1206.4.2.3"
messages, codes = {}, {}
numbers = {"5.9.0": 2, "6.1.0": 4, "6.13.0": 0, "6.17.0": 2, "6.18.0": 2, "6.19.0": 0}
state = {"shown": b"", "source": bytes([7, 0, 1, 0, 0]), "activated": bytes(12)}


def frame_check(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x8408 if crc & 1 else 0)
    return crc ^ 0xFFFF


def message(key):
    return messages.setdefault(key, {3: b"", 4: b"", 5: 0, 6: 0, 7: 0, 8: 1, 9: 1})


def get(rest):
    if rest == "6.5.0":
        return state["source"]
    if rest == "6.3.0":  # the agent looks whether it is there before it writes
        return state["activated"]
    if rest in numbers:
        return numbers[rest]
    if rest in ("6.8.0", "6.9.0", "6.12.0", "6.15.0"):
        return codes.get(rest, bytes([7, 0, 1, 0, 0]))
    parts = rest.split(".")
    if parts[:3] != ["5", "8", "1"] or len(parts) != 6:
        return None
    if parts[4:] == ["5", "1"]:
        return state["shown"] if parts[3] == "3" else None
    return message((parts[4], parts[5])).get(int(parts[3]))


def activate(code):
    state["activated"] = bytes(code)
    chosen = messages.get((str(code[3]), str(code[4] * 256 + code[5])))
    error = 2
    if chosen is None:
        error = 6
    elif chosen[9] != 4:
        error = 4
    elif chosen[5] != code[6] * 256 + code[7]:
        error = 7
    numbers["6.17.0"] = error
    if error != 2:
        return False
    state["shown"], state["source"] = chosen[3], bytes(code[3:8])
    with open(sys.argv[1], "a") as log:
        log.write(state["shown"].hex() + "\n")
    return True


def put(rest, value):
    if rest == "6.3.0":
        return activate(value)
    if rest == "6.13.0":
        numbers[rest] = value
        return True
    if rest in ("6.8.0", "6.9.0", "6.12.0", "6.15.0"):
        codes[rest] = value
        return True
    parts = rest.split(".")
    target, column = message((parts[4], parts[5])), int(parts[3])
    if column != 9:
        if target[9] != 2:
            return False
        target[column] = value
    elif value == 6:
        target[9] = 2
    elif value == 7:
        target[5] = frame_check(target[3] + bytes([target[6], target[7]]))
        target[9] = 4
    return True


def line():
    text = sys.stdin.buffer.readline()
    if text == b"":
        sys.exit(0)
    return text.rstrip(b"\n").decode("latin1")


def say(*lines):
    for each in lines:
        sys.stdout.write(each + "\n")
    sys.stdout.flush()


def value_of(text):
    kind, _, rest = text.partition(" ")
    if kind == "integer":
        return int(rest)
    if kind == "octet":
        return bytes.fromhex(rest.strip().strip('"'))
    return rest.strip()[1:-1].encode("latin1")


while True:
    command = line()
    if command == "PING":
        say("PONG")
    elif command == "get":
        oid = line()
        found = get(oid[len(DMS) + 1 :])
        if found is None:
            say("NONE")
        elif isinstance(found, int):
            say(oid, "integer", str(found))
        else:
            say(oid, "octet", " ".join("%02X" % byte for byte in found))
    elif command == "set":
        oid = line()
        value = value_of(line())
        say("DONE" if put(oid[len(DMS) + 1 :], value) else "inconsistent-value")
    elif command != "":  # the agent ends a set with an empty line
        line()
        say("NONE")
