package io.rowrelay.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Connections connections = new Connections(nanos::get);

    @Test
    void keeps_the_newest_of_an_address_and_lets_the_oldest_go() {
        List<Socket> greedy = open(7, Connections.MOST_OF_AN_ADDRESS + 2);

        assertThat(greedy.subList(0, 2)).allMatch(Socket::isClosed);
        assertThat(greedy.subList(2, greedy.size())).noneMatch(Socket::isClosed);
    }

    @Test
    void takes_from_those_who_have_most_when_all_together_are_too_many() {
        List<Socket> probe = open(1, 1);
        List<Socket> many = new ArrayList<>();
        for (int address = 10; address < 50; address++) {
            many.addAll(open(address, 10));
        }

        assertThat(many).filteredOn(each -> !each.isClosed()).hasSize(Connections.MOST - 1);
        assertThat(probe).noneMatch(Socket::isClosed);
    }

    @Test
    void lets_none_stay_for_long_and_counts_no_closed_one() {
        List<Socket> first = open(1, Connections.MOST_OF_AN_ADDRESS);
        first.forEach(connections::remove);
        List<Socket> second = open(1, Connections.MOST_OF_AN_ADDRESS);
        assertThat(second).noneMatch(Socket::isClosed);

        nanos.addAndGet(Connections.LONGEST.toNanos() - 1);
        connections.closeOverdue();
        assertThat(second).noneMatch(Socket::isClosed);
        nanos.incrementAndGet();
        connections.closeOverdue();
        assertThat(second).allMatch(Socket::isClosed);
    }

    @Test
    void closes_none_in_work_for_the_sake_of_those_that_are_done() {
        List<Socket> slow = open(1, 1);
        open(1, Connections.MOST_OF_AN_ADDRESS - 1).forEach(connections::remove);
        open(1, 1);

        assertThat(slow).noneMatch(Socket::isClosed);
    }

    private List<Socket> open(int address, int number) {
        return IntStream.range(0, number)
                .mapToObj(each -> {
                    Socket socket = new FromAddress(address);
                    connections.add(socket);
                    return socket;
                })
                .toList();
    }

    /** One that was never connected, and says where it came from. */
    private static final class FromAddress extends Socket {
        private final InetAddress address;

        FromAddress(int last) {
            try {
                address = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
            } catch (UnknownHostException notForFourBytes) {
                throw new IllegalStateException(notForFourBytes);
            }
        }

        @Override
        public InetAddress getInetAddress() {
            return address;
        }
    }
}
