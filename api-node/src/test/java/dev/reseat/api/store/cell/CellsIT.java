package dev.reseat.api.store.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.DatabaseInspection;
import dev.reseat.api.store.DatabaseReport;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.NovaApiDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two cells in two databases, and one whose database is not there. */
@Tag("database")
final class CellsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CloudFixture first = CloudFixture.open();
    private final CloudFixture second = CloudFixture.open();
    private final NovaApiDatabase api = NovaApiDatabase.open();
    private final Database database =
            new Database(api.config(first.databases().cinder(), Duration.ofMillis(1500)));
    private final InstanceTable instances = new InstanceTable();
    private final String cell1 = api.cell("cell1", "rabbit://mq-1/", connection(first));
    private final String cell2 = api.cell("cell2", "rabbit://mq-2/", connection(second));
    private Optional<Cells> started = Optional.empty();

    private static String connection(CloudFixture cloud) {
        return NovaApiDatabase.connection(cloud.databases().nova());
    }

    private Cells cells(Duration interval) {
        database.start();
        Cells cells = new Cells(
                database, new CellsConfig(Optional.empty(), Optional.empty(), interval, PATIENCE),
                new CellMappingTable());
        cells.start();
        started = Optional.of(cells);
        return cells;
    }

    @AfterEach
    void close() {
        started.ifPresent(Cells::stop);
        database.stop();
        api.close();
        first.close();
        second.close();
    }

    private String instance(CloudFixture cloud, String cell) {
        String uuid = cloud.instance();
        api.instance(cell, uuid, CloudFixture.PROJECT);
        return uuid;
    }

    private boolean finds(Cells cells, String uuid) {
        return cells.ofInstance(uuid).flatMap(cell -> cell.transaction(tx -> instances.find(tx, uuid))).isPresent();
    }

    /** Nowhere, as far as anybody takes connections. */
    private String downCell(String scheme) {
        return api.cell("down", "rabbit://mq-3/",
                scheme + "://nova@127.0.0.1:" + LoopbackPorts.reserve() + "/nova");
    }

    @Test
    void anInstanceIsReadInItsCellAndAHostIsKnownByItsOwn() {
        String here = instance(first, cell1);
        String there = instance(second, cell2);
        api.host(cell2, "host-a");
        String unplaced = UUID.randomUUID().toString();
        api.unplaced(unplaced, CloudFixture.PROJECT);
        Cells cells = cells(Duration.ofHours(1));

        assertThat(finds(cells, here)).isTrue();
        assertThat(finds(cells, there)).isTrue();
        assertThat(cells.ofInstance(there).orElseThrow().name()).isEqualTo("cell2");
        assertThat(cells.ofInstance(unplaced)).isEmpty();
        assertThat(cells.ofInstance(UUID.randomUUID().toString())).isEmpty();
        assertThat(cells.ofHost("host-a").orElseThrow().transportUrl()).contains("rabbit://mq-2/");
        assertThat(cells.ofHost("nobody")).isEmpty();
        assertThat(cells.everywhere(tx -> instances.find(tx, there).isPresent()).all())
                .containsExactlyInAnyOrder(false, true);
    }

    @Test
    void aCellThatHasComeIsReadAtOnceForAnInstanceOfIt() {
        Cells cells = cells(Duration.ofHours(1));
        String cell3 = api.cell("cell3", "rabbit://mq-3/", connection(second));
        String uuid = instance(second, cell3);

        assertThat(finds(cells, uuid)).isTrue();
    }

    @Test
    void aCellThatMovesIsReadWhereItIs() throws Exception {
        Cells cells = cells(Duration.ofMillis(50));
        String uuid = instance(second, cell1);
        BlockingQueue<List<Cell>> changes = new LinkedBlockingQueue<>();
        cells.onChange(now -> changes.add(List.copyOf(now)));
        assertThat(finds(cells, uuid)).isFalse();

        api.move(cell1, connection(second));

        assertThat(changes.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSize(2);
        assertThat(finds(cells, uuid)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mysql+pymysql"})
    void aCellThatIsDownIsSilentAndTheOthersAnswer(String scheme) {
        String down = downCell(scheme);
        String lost = UUID.randomUUID().toString();
        api.instance(down, lost, CloudFixture.PROJECT);
        String here = instance(first, cell1);
        Cells cells = cells(Duration.ofHours(1));

        Answers<Boolean> answers = cells.everywhere(tx -> instances.find(tx, here).isPresent());
        Answers<Boolean> again = cells.everywhere(tx -> instances.find(tx, here).isPresent());

        for (Answers<Boolean> each : List.of(answers, again)) {
            assertThat(each.given()).containsExactlyInAnyOrder(true, false);
            assertThat(each.silent()).singleElement()
                    .satisfies(silent -> assertThat(silent.text()).contains("cell down"));
            assertThatThrownBy(each::all).isInstanceOf(StoreException.Unavailable.class);
        }
        assertThatThrownBy(() -> finds(cells, lost)).isInstanceOf(StoreException.Unavailable.class);
    }

    @Test
    void aSilentCellConcernsAVolumeOfItsInstancesAndElseOfItsProjects() {
        String down = downCell("postgresql");
        String lost = UUID.randomUUID().toString();
        api.instance(down, lost, "project-of-the-lost");
        String here = instance(first, cell1);
        Cells cells = cells(Duration.ofHours(1));
        List<Answers.Silent> silent = cells.everywhere(tx -> true).silent();
        Optional<String> theirs = Optional.of("project-of-the-lost");

        assertThat(cells.concerning(silent, List.of(lost), Optional.of(CloudFixture.PROJECT))).hasSize(1);
        assertThat(cells.concerning(silent, List.of(here), theirs)).isEmpty();
        assertThat(cells.concerning(silent, List.of(), theirs)).hasSize(1);
        assertThat(cells.concerning(silent, List.of(), Optional.of(CloudFixture.PROJECT))).isEmpty();
        assertThat(cells.possible(silent, theirs)).hasSize(1);
        assertThat(cells.possible(silent, Optional.empty())).hasSize(1);
    }

    @Test
    void theDatabaseThatNamesCellsIsCheckedToo() {
        DatabaseConfig config = api.config(first.databases().cinder(), PATIENCE);
        DatabaseConfig wrong = new DatabaseConfig(
                config.cinder(), config.nova(), Optional.of(first.databases().nova()), 1, PATIENCE, PATIENCE, true);

        DatabaseReport checked = new DatabaseInspection(config).run().getLast();

        assertThat(checked.name()).isEqualTo("nova-api");
        assertThat(checked.problems()).isEmpty();
        assertThat(new DatabaseInspection(wrong).run().getLast().problems())
                .anySatisfy(problem -> assertThat(problem).contains("no table cell_mappings"));
    }

    @Test
    void aDatabaseThatIsNotNovasIsRefusedAtTheStart() {
        Database wrong = new Database(new DatabaseConfig(
                first.databases().cinder(), first.databases().nova(), Optional.of(first.databases().nova()), 1,
                PATIENCE,
                PATIENCE, true));

        assertThatThrownBy(wrong::start).isInstanceOf(StoreException.Broken.class)
                .hasMessageContaining("cell_mappings");
        wrong.stop();
    }
}
