/* A Modbus server by a third party (libmodbus 3.1): `tcp` on a free port, or `rtu PATH`. Says "ready PORT" and serves.
 * Unit 1 has inputs 101101 and holding registers 0, 10, 20 ... */
#include <modbus/modbus.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const uint8_t INPUTS[] = {1, 0, 1, 1, 0, 1};

static int answer(modbus_t *bus, modbus_mapping_t *mapping)
{
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    int length = modbus_receive(bus, query);
    if (length > 0) modbus_reply(bus, query, length, mapping);
    return length;
}

int main(int argc, char **argv)
{
    modbus_mapping_t *mapping = modbus_mapping_new(32, sizeof INPUTS, 32, 0);
    memcpy(mapping->tab_input_bits, INPUTS, sizeof INPUTS);
    for (int n = 0; n < 32; n++) mapping->tab_registers[n] = 10 * n;

    if (argc == 3) {
        modbus_t *line = modbus_new_rtu(argv[2], 9600, 'N', 8, 1);
        modbus_set_slave(line, 1);
        if (modbus_connect(line) != 0) return 1;
        puts("ready 0");
        fflush(stdout);
        for (;;) answer(line, mapping);
    }

    modbus_t *net = modbus_new_tcp("127.0.0.1", 0);
    int listener = modbus_tcp_listen(net, 4);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("ready %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        if (modbus_tcp_accept(net, &listener) < 0) return 1;
        while (answer(net, mapping) >= 0) {}
        modbus_close(net);
    }
}
