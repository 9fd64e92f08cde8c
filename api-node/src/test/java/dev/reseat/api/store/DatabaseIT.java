package dev.reseat.api.store;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.testing.CuttableLink;
import dev.reseat.testing.EmbeddedDatabase;
import dev.reseat.testing.OtherTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
@Tag("any-database")
final class DatabaseIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int PREPARED_AFTER = 6; // as PostgreSQL's driver has it

    private EmbeddedDatabase databases;
    private CuttableLink link;

    @BeforeEach
    void create() throws Exception {
        databases = EmbeddedDatabase.create();
        String[] address = databases.cinder().server().split(":", 2);
        link = new CuttableLink(
                new InetSocketAddress(InetAddress.getByName(address[0]), Integer.parseInt(address[1])));
    }

    @AfterEach
    void drop() throws Exception {
        link.close();
        databases.close();
    }

    @Test
    void aDatabaseThatIsDownAtStartIsWaitedFor() throws Exception {
        Database database = new Database(config(Duration.ofSeconds(30)));
        CompletableFuture<Void> start = CompletableFuture.runAsync(database::start);
        CompletableFuture<Void> early = start.copy().completeOnTimeout(null, 500, MILLISECONDS);
        early.get(5, SECONDS);
        assertThat(start).isNotDone();

        link.mend();

        start.get(30, SECONDS);
        assertThat(one(database)).isEqualTo(1);
        database.stop();
    }

    @Test
    void aDatabaseThatStaysDownEndsTheStartWithAClearError() {
        Database database = new Database(config(Duration.ofMillis(300)));

        assertThatThrownBy(database::start)
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("cinder database at 127.0.0.1:" + link.port())
                .hasMessageContaining("did not come up");
        assertThatThrownBy(database::cinder).isInstanceOf(IllegalStateException.class);
        database.stop();
    }

    @Test
    void aLoginThatIsRefusedIsNotTriedAgain() throws Exception {
        link.mend();
        DatabaseUrl unknown = databases.cinder().withDatabase("no_such_database");
        Database database = new Database(
                new DatabaseConfig(unknown, databases.nova(), 2, TIMEOUT, Duration.ofSeconds(30), true));

        assertThatThrownBy(database::start)
                .isInstanceOf(StoreException.Broken.class)
                .hasMessageContaining("no_such_database");
        database.stop();
    }

    /** As a new release's {@code db sync} does, or OpenStack's: what was prepared before is prepared anew. */
    @Test
    void aColumnThatIsAddedMeanwhileIsNoticedByNobody() throws Exception {
        link.mend();
        Database database = new Database(config(Duration.ofSeconds(30)));
        database.start();
        for (int i = 0; i < PREPARED_AFTER; i++) {
            bothConnectionsRead(database);
        }

        database.cinder().run(tx -> tx.handle().execute("ALTER TABLE volume_types ADD COLUMN added_meanwhile text"));

        bothConnectionsRead(database);
        database.stop();
    }

    private static void bothConnectionsRead(Database database) throws Exception {
        var both = new CyclicBarrier(2);
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            readers.add(CompletableFuture.runAsync(() -> {
                var first = new AtomicBoolean(true);
                database.cinder().run(tx -> {
                    if (first.getAndSet(false)) {
                        await(both);
                    }
                    tx.handle().createQuery("SELECT * FROM volume_types").mapToMap().list();
                });
            }, task -> Thread.ofVirtual().start(task)));
        }
        for (CompletableFuture<Void> reader : readers) {
            reader.get(30, SECONDS);
        }
    }

    private static void await(CyclicBarrier both) {
        try {
            both.await(20, SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server of the tests has it off; what an administrator has set beyond "on" stays. */
    @Test
    void whatIsCommittedIsWrittenWhateverTheServerIsSetTo() {
        assumeTrue(databases.cinder().dialect() == Dialect.POSTGRESQL, "a setting of PostgreSQL");
        assertThat(synchronousCommit(Map.of())).isEqualTo("on");
        assertThat(synchronousCommit(Map.of("options", "-c synchronous_commit=remote_apply")))
                .isEqualTo("remote_apply");
    }

    private String synchronousCommit(Map<String, String> parameters) {
        DatabaseUrl url = databases.cinder();
        DatabaseUrl with =
                new DatabaseUrl(url.dialect(), url.server(), url.database(), url.user(), url.password(), parameters);
        Database database = new Database(
                new DatabaseConfig(with, databases.nova(), 2, TIMEOUT, Duration.ofSeconds(30), true));
        database.start();
        try {
            return database.cinder()
                    .transaction(tx -> tx.handle()
                            .createQuery("SHOW synchronous_commit")
                            .mapTo(String.class)
                            .one());
        } finally {
            database.stop();
        }
    }

    @Test
    void aDatabaseThatGoesDownLaterIsUnavailableUntilItIsBack() throws Exception {
        link.mend();
        Database database = new Database(config(Duration.ofSeconds(10)));
        database.start();
        assertThat(one(database)).isEqualTo(1);

        link.cut();

        for (int call = 0; call < 3; call++) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> one(database)).isInstanceOf(StoreException.Unavailable.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TIMEOUT.multipliedBy(4));
        }
        assertThat(database.nova().<Integer>transaction(DatabaseIT::selectOne)).isEqualTo(1);

        link.mend();

        assertThat(one(database)).isEqualTo(1);
        database.stop();
    }

    @Test
    void aDatabaseThatSaysNothingIsUnavailableToo() throws Exception {
        link.mend();
        Database database = new Database(config(Duration.ofSeconds(10)));
        database.start();
        assertThat(one(database)).isEqualTo(1);

        link.freeze();

        for (int call = 0; call < 3; call++) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> database.cinder().check()).isInstanceOf(StoreException.Unavailable.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TIMEOUT.multipliedBy(6));
        }

        link.thaw();

        assertThat(one(database)).isEqualTo(1);
        database.stop();
    }

    @Test
    void aConnectionThatBreaksDuringATransactionIsUnavailable() throws Exception {
        link.mend();
        Database database = new Database(config(Duration.ofSeconds(10)));
        database.start();

        assertThatThrownBy(() -> database.cinder().run(tx -> {
            cut();
            selectOne(tx);
        }))
                .isInstanceOf(StoreException.Unavailable.class);
        database.stop();
    }

    @Test
    void aLockThatIsHeldTooLongIsAConflict() throws Exception {
        link.mend();
        Database database = new Database(config(Duration.ofSeconds(10)));
        database.start();
        try (OtherTransaction other = OtherTransaction.on(database.cinder())) {
            other.run(tx -> tx.handle().execute("UPDATE workers SET status = 'y'"));

            assertThatThrownBy(() -> database.cinder()
                    .run(tx -> tx.handle().execute("UPDATE workers SET status = 'x'")))
                    .isInstanceOf(StoreException.Conflict.class);
        }
        database.stop();
    }

    @Test
    void whoIsInterruptedWhileWaitingForAConnectionIsToldSo() throws Exception {
        Database database = new Database(
                new DatabaseConfig(databases.cinder(), databases.nova(), 1, Duration.ofSeconds(20), TIMEOUT, true));
        database.start();
        try (OtherTransaction onlyConnection = OtherTransaction.on(database.cinder())) {
            onlyConnection.run(tx -> tx.handle().execute("SELECT 1"));
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> database.cinder().check()).isInstanceOf(StoreException.Unavailable.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        database.stop();
    }

    @Test
    void anExceptionOfTheWorkRollsBackAndPassesUnchanged() throws Exception {
        link.mend();
        Database database = new Database(config(Duration.ofSeconds(10)));
        database.start();
        IllegalArgumentException mine = new IllegalArgumentException("mine");

        assertThatThrownBy(() -> database.cinder().run(tx -> {
            tx.handle().execute("UPDATE workers SET status = 'lost'");
            throw mine;
        }))
                .isSameAs(mine);
        assertThat(database.cinder()
                .<Integer>transaction(tx -> tx.handle()
                        .createQuery("SELECT count(*) FROM workers WHERE status = 'lost'")
                        .mapTo(Integer.class)
                        .one()))
                .isZero();
        database.stop();
    }

    private void cut() {
        try {
            link.cut();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Cinder's database behind the link, Nova's not. */
    private DatabaseConfig config(Duration startTimeout) {
        DatabaseUrl behindLink = databases.cinder().withServer("127.0.0.1:" + link.port());
        return new DatabaseConfig(behindLink, databases.nova(), 3, TIMEOUT, startTimeout, true);
    }

    private static int one(Database database) {
        return database.cinder().transaction(DatabaseIT::selectOne);
    }

    private static int selectOne(Transaction tx) {
        return tx.handle().createQuery("SELECT 1").mapTo(Integer.class).one();
    }
}
