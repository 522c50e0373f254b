package io.rowrelay.it.producer;

import static io.rowrelay.it.stack.Databases.execute;
import static io.rowrelay.it.stack.Databases.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DoctorRun;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.stream.jdbc.StreamLock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who can hold the lock of a stream, and who cannot keep it from others. */
@Timeout(120)
class StreamLockIT {
    private static final StreamLock LOCK = StreamLock.ofProducer("employees");

    private final Pipeline pipeline = Pipeline.create();
    private String stranger;

    @BeforeEach
    void a_role_that_may_connect_and_no_more() {
        stranger = role("stranger");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    /** The numbers are in pg_locks for all to see, so the stranger can wait in the queue behind the producer. */
    @Test
    void a_stranger_that_follows_each_number_keeps_no_producer_out() throws Exception {
        Connection first = session("cdc");
        assertThat(takes(first)).isTrue();
        List<Connection> strangers = List.of(session(stranger), session(stranger));
        execute(
                strangers.get(0),
                "SET lock_timeout = '10s'",
                "SELECT pg_advisory_lock(hashtextextended('rowrelay producer of stream employees', 0))",
                "SELECT count(pg_advisory_lock(hashtext('rowrelay producer of stream employees'), n))"
                        + " FROM generate_series(1, 100) n");
        Thread queue = new Thread(() -> execute(
                strangers.get(1),
                "SELECT pg_advisory_lock(hashtext('rowrelay producer of stream employees'), (SELECT objid FROM pg_locks"
                        + " WHERE locktype = 'advisory' AND pid = " + pid(first) + ")::bigint::bit(32)::int)"));
        queue.start();
        awaitQueue("locktype = 'advisory'", 1);
        Connection second = session("cdc");

        assertThat(takes(second)).isFalse();
        assertThat(LOCK.holder(second)).get().extracting(StreamLock.Holder::pid).isEqualTo(pid(first));
        assertThat(LOCK.strangers(second))
                .singleElement()
                .extracting(StreamLock.Holder::role)
                .isEqualTo(stranger);
        first.close();
        queue.join();
        second.commit();

        assertThat(takes(second)).isTrue();
        assertThat(LOCK.holder(second)).get().extracting(StreamLock.Holder::pid).isEqualTo(pid(second));
        assertThat(LOCK.strangers(second)).hasSize(2);
    }

    /** With the rights of a role that it becomes only then, as with SET ROLE in the options of a connection. */
    @Test
    void a_member_of_the_producers_role_is_no_stranger() throws Exception {
        String group = role("producers");
        execute(
                pipeline.sourceUrl(),
                "SELECT cdc_grant('emp_cdc', '" + group + "')",
                "ALTER ROLE " + stranger + " NOINHERIT",
                "GRANT " + group + " TO " + stranger);
        Connection member = session(stranger);
        execute(member, "SET ROLE " + group);
        Connection second = session("cdc");

        assertThat(takes(member)).isTrue();

        assertThat(takes(second)).isFalse();
    }

    @Test
    void of_two_that_find_it_free_at_the_same_time_one_gets_it() throws Exception {
        Connection third = session("cdc");
        execute(third, "LOCK TABLE cdc_offset IN SHARE UPDATE EXCLUSIVE MODE");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Callable<Boolean> attempt = () -> takes(session("cdc"));
        List<Future<Boolean>> attempts = List.of(threads.submit(attempt), threads.submit(attempt));
        awaitQueue("relation = 'cdc_offset'::regclass", 2);

        third.commit();

        assertThat(List.of(attempts.get(0).get(), attempts.get(1).get())).containsExactlyInAnyOrder(true, false);
        threads.shutdown();
    }

    /** A transaction sees the sessions of the time when it looked first. */
    @Test
    void one_that_connected_just_now_holds_it_too() throws Exception {
        Connection second = session("cdc");
        query(second, "SELECT count(*) FROM pg_stat_activity");
        Connection first = session("cdc");
        assertThat(takes(first)).isTrue();

        assertThat(LOCK.holder(second)).get().extracting(StreamLock.Holder::pid).isEqualTo(pid(first));
        assertThat(takes(second)).isFalse();
    }

    @Test
    void doctor_names_a_stranger_and_grants_it_nothing() throws Exception {
        Connection session = session(stranger);
        execute(session, "SELECT pg_advisory_lock(hashtext('rowrelay producer of stream employees'), 1)");

        DoctorRun doctor = DoctorRun.of(pipeline.environment());

        assertThat(doctor.ids()).contains("lock-stranger", "producer-missing");
        assertThat(doctor.said())
                .contains("pid " + pid(session) + ", role " + stranger, "pg_terminate_backend(" + pid(session) + ")")
                .doesNotContain("'" + stranger + "'");
    }

    private String role(String kind) {
        String role = kind + "_" + pipeline.topic();
        execute(pipeline.sourceUrl(), "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'");
        return role;
    }

    private Connection session(String role) throws SQLException {
        Connection connection = DriverManager.getConnection(pipeline.sourceUrl(), role, "cdc");
        connection.setAutoCommit(false);
        return connection;
    }

    private static boolean takes(Connection session) throws SQLException {
        boolean taken = LOCK.tryTake(session);
        session.commit();
        return taken;
    }

    /** Until so many sessions wait for a lock of that kind. */
    private void awaitQueue(String kind, int sessions) {
        await().until(() -> query(pipeline.sourceUrl(), "SELECT 1 FROM pg_locks WHERE NOT granted AND " + kind)
                        .size()
                == sessions);
    }

    private static int pid(Connection connection) {
        return Integer.parseInt(query(connection, "SELECT pg_backend_pid()").get(0));
    }
}
