"""A Modbus client by a third party (pymodbus 3.0): `tcp PORT` or `rtu PATH`. Says what unit 1 answered, one JSON line."""

import json
import sys

from pymodbus.client import ModbusSerialClient, ModbusTcpClient

kind, where = sys.argv[1:]
if kind == "tcp":
    client = ModbusTcpClient("127.0.0.1", port=int(where), timeout=3)
else:
    client = ModbusSerialClient(port=where, baudrate=19200, bytesize=8, parity="N", stopbits=1, timeout=3)
assert client.connect()
unit = 1


def coils() -> list:
    return client.read_coils(0, 6, slave=unit).bits[:6]


said = {"inputs": client.read_discrete_inputs(0, 6, slave=unit).bits[:6]}
client.write_coil(2, True, slave=unit)
said["one"] = coils()
client.write_coils(0, [True, False, True, False, True, False], slave=unit)
said["all"] = coils()
said["holding"] = client.read_holding_registers(0x20, 1, slave=unit).registers
client.write_register(0x20, 0b000011, slave=unit)
said["bits"] = coils()
client.write_registers(0x20, [0], slave=unit)
said["none"] = coils()
said["inputRegister"] = client.read_input_registers(0x30, 1, slave=unit).registers
said["exception"] = client.read_coils(500, 1, slave=unit).exception_code
client.close()
print(json.dumps(said), flush=True)
