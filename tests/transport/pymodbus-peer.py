"""A Modbus server by a third party (pymodbus 3.0): `tcp` on a free port, or `rtu PATH`. Says "ready PORT" and serves.

Unit 1 has inputs 101101 and holding registers 0, 10, 20 ..., or those given as `holding=1,2,3` in the last argument;
other units stay silent.
"""

import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer


def holding() -> list:
    given = [arg.removeprefix("holding=") for arg in sys.argv[2:] if arg.startswith("holding=")]
    return [int(value) for value in given[0].split(",")] if given else [10 * n for n in range(32)]


def context() -> ModbusServerContext:
    unit = ModbusSlaveContext(
        di=ModbusSequentialDataBlock(0, [True, False, True, True, False, True]),
        co=ModbusSequentialDataBlock(0, [False] * 32),
        hr=ModbusSequentialDataBlock(0, holding()),
        zero_mode=True,
    )
    return ModbusServerContext(slaves={1: unit}, single=False)


async def serve() -> None:
    if sys.argv[1] == "tcp":
        server = ModbusTcpServer(context(), address=("127.0.0.1", 0), ignore_missing_slaves=True)
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
        print("ready", server.server.sockets[0].getsockname()[1], flush=True)
        await serving
    else:
        server = ModbusSerialServer(context(), port=sys.argv[2], baudrate=9600, timeout=1, ignore_missing_slaves=True)
        await server.start()
        print("ready 0", flush=True)
        await server.serve_forever()


asyncio.run(serve())
