/* A Modbus client by a third party (libmodbus 3.1): `tcp PORT` or `rtu PATH`. Says what unit 1 answered, one JSON line. */
#include <errno.h>
#include <modbus/modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static modbus_t *bus;

static void bits(const char *name, int is_input)
{
    uint8_t read[6];
    int count = is_input ? modbus_read_input_bits(bus, 0, 6, read) : modbus_read_bits(bus, 0, 6, read);
    printf("\"%s\":[", name);
    for (int n = 0; n < count; n++) printf("%s%s", n ? "," : "", read[n] ? "true" : "false");
    printf("],");
}

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    bus = strcmp(argv[1], "tcp") == 0 ? modbus_new_tcp("127.0.0.1", atoi(argv[2]))
                                      : modbus_new_rtu(argv[2], 19200, 'N', 8, 1);
    modbus_set_slave(bus, 1);
    modbus_set_response_timeout(bus, 3, 0);
    if (modbus_connect(bus) != 0) return 1;

    const uint8_t pattern[] = {1, 0, 1, 0, 1, 0};
    const uint16_t off[] = {0};
    uint16_t word = 0;
    printf("{");
    bits("inputs", 1);
    modbus_write_bit(bus, 2, 1);
    bits("one", 0);
    modbus_write_bits(bus, 0, 6, pattern);
    bits("all", 0);
    modbus_read_registers(bus, 0x20, 1, &word);
    printf("\"holding\":[%d],", word);
    modbus_write_register(bus, 0x20, 3);
    bits("bits", 0);
    modbus_write_registers(bus, 0x20, 1, off);
    bits("none", 0);
    modbus_read_input_registers(bus, 0x30, 1, &word);
    printf("\"inputRegister\":[%d],", word);
    uint8_t nothing;
    int is_refused = modbus_read_bits(bus, 500, 1, &nothing) == -1;
    printf("\"exception\":%d}\n", is_refused ? errno - MODBUS_ENOBASE : 0);
    modbus_close(bus);
    return 0;
}
