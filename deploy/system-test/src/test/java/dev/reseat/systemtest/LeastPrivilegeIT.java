package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.Connections;
import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.OsloPeer;
import dev.reseat.testing.RabbitBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The services with no more rights than the operators' page on installing gives them, by the commands it shows. */
@Tag("broker")
@Tag("database")
@Tag("slow")
final class LeastPrivilegeIT {
    private static final List<String> PROGRAMS =
            List.of("reseat-api-node", "reseat-volume-manager", "reseat-compute-agent");
    private static final String DEFINITIONS = "rabbitmq-definitions.json";

    private final PrivateRabbitNode broker = RabbitBroker.restartable().own();
    private final Cloud cloud = Cloud.prepared(url -> asOurs(url));
    private final CloudSettings settings = cloud.settings();
    private final Scene scene = new Scene(cloud);

    private static DatabaseUrl asOurs(DatabaseUrl url) {
        return url.withLogin(InstallPage.ACCOUNT, Optional.of(InstallPage.PASSWORD));
    }

    @BeforeEach
    void doWhatThePageSays() throws IOException {
        // made with the tables of the test, by an account that may do everything
        cloud.rows().execute(cloud.cinder(), "DROP SCHEMA reseat CASCADE");
        cloud.rows().execute(cloud.nova(), "DROP SCHEMA reseat CASCADE");
        InstallPage page = InstallPage.read();
        String database = "DATABASE " + cloud.rows().databases().cinder().database();
        page.onPostgresqlForCinder()
                .forEach(sql -> cloud.rows().execute(cloud.cinder(), sql.replace("DATABASE cinder", database)));
        page.onPostgresqlForNova().forEach(sql -> cloud.rows().execute(cloud.nova(), sql));
        importDefinitions(page.text());
        for (String program : PROGRAMS) {
            Path file = settings.directory().resolve(program + ".conf");
            Files.writeString(file, Files.readString(file)
                    .replaceFirst("(?m)^(transport_url = rabbit://)[^@]*@", "$1" + program + ":SECRET@"));
        }
        String file = settings.directory().resolve(PROGRAMS.getFirst() + ".conf").toString();
        String reseat = Distribution.program("reseat").toString();
        Program.run(reseat, "db", "sync", "--config-file", file).assertSucceeded();
        Program check = Program.run(reseat, "db", "check", "--config-file", file);
        check.assertSucceeded();
        assertThat(check.out()).contains("schema reseat at version", "rights: all that are needed");
    }

    /** By the command on the page, with the exchanges of this cloud. */
    private void importDefinitions(String page) throws IOException {
        List<String> commands = page.lines().filter(line -> line.startsWith("    rabbitmqctl import")).toList();
        assertThat(commands).singleElement().satisfies(command -> assertThat(command).endsWith(DEFINITIONS));
        Path copy = settings.directory().resolve(DEFINITIONS);
        Files.writeString(copy, Files.readString(Path.of("..", "etc", DEFINITIONS))
                .replace("|openstack|nova", "|" + settings.cinder() + "|" + settings.nova()));
        String[] words = commands.getFirst().strip().split(" +", -1);
        words[words.length - 1] = copy.toString();
        broker.control(Arrays.copyOfRange(words, 1, words.length));
    }

    @AfterEach
    void takeTheAccountsAway() {
        cloud.apiNode().close();
        for (String program : PROGRAMS) {
            broker.control("delete_user", program);
        }
        broker.control("clear_policy", "reseat-forgotten");
        for (Connections database : List.of(cloud.cinder(), cloud.nova())) {
            cloud.rows().execute(database, "DROP OWNED BY reseat CASCADE");
        }
        cloud.rows().execute(cloud.cinder(), "DROP ROLE reseat");
        cloud.close();
    }

    @Test
    void resetsAndRefreshesAreDoneWithoutAnyOtherRight() throws Exception {
        cloud.launch();
        Attached stuck = scene.stuck("least-reset", "detaching");
        Attached stale = scene.attached("least-refresh");
        Process holder = scene.heldByAgent(stale);

        Http.Answer reset = cloud.http()
                .post(
                        "/v3/volumes/" + stuck.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}");
        assertThat(reset.status()).as(reset.text()).isEqualTo(202);
        assertThat(cloud.volume(stuck.volume())).containsEntry("status", "available");

        Http.Answer refresh =
                cloud.http().post("/reseat/v1/block-device-mappings/" + stale.mapping() + "/refresh", "{}");
        assertThat(refresh.status()).as(refresh.text()).isEqualTo(200);
        assertThat(holder.isAlive()).isFalse();
        assertThat(cloud.journal(stale.volume())).containsEntry("state", "done");
        assertThat(broker.control("list_queues", "name", "policy"))
                .contains("reseat-compute." + settings.computeHost() + "\treseat-forgotten")
                .contains("reseat-compute\t\n");
    }

    @Test
    void aJobIsPlannedAndDoneWithoutAnyOtherRight() throws Exception {
        cloud.launch();
        Attached stuck = scene.stuck("least-job", "detaching");

        Http.Answer made = cloud.http()
                .post(
                        "/reseat/v1/jobs",
                        "{\"select\": {\"state\": [\"detaching\"], \"ids\": [\"" + stuck.volume()
                                + "\"]}, \"reset\": {\"status\": \"available\"}, \"apply\": true}");
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        String job = made.json().path("job").path("id").asString();
        Http.Answer events = cloud.http().get("/reseat/v1/jobs/" + job + "/events"); // until the job has ended

        assertThat(events.text()).contains("\"state\":\"done\"");
        assertThat(cloud.volume(stuck.volume())).containsEntry("status", "available");
    }

    @Test
    void aDiagnosisReadsAllThatItNeeds() throws Exception {
        cloud.launch();
        Attached stale = scene.attached("least-diagnosis");
        cloud.rows()
                .execute(
                        cloud.cinder(),
                        "INSERT INTO services (host, \"binary\", report_count, updated_at, deleted)"
                                + " SELECT split_part(host, '#', 1), 'cinder-volume', 1, now() AT TIME ZONE 'UTC',"
                                + " false FROM volumes WHERE id = ?",
                        stale.volume());

        Http.Answer diagnoses =
                cloud.http().post("/reseat/v1/diagnoses", "{\"volumes\": [\"" + stale.volume() + "\"]}");

        assertThat(diagnoses.status()).as(diagnoses.text()).isEqualTo(200);
        JsonNode facts = diagnoses.json().path("diagnoses").path(0).path("facts");
        assertThat(facts.path("server").stringValue()).isEqualTo("stopped");
        assertThat(facts.path("service").stringValue()).isEqualTo("up");
    }

    /** Its queue is looked at and its exchange published to; nothing of it is declared, bound or consumed. */
    @Test
    void cinderVolumeIsCalledWhereItIsTheOnlyOne() throws Exception {
        cloud.launch();
        String backend = "elsewhere-" + settings.name() + "@lvm";
        String volume = scene.volume("least-cinder");
        cloud.rows()
                .execute(cloud.cinder(), "UPDATE volumes SET host = ?, status = 'detaching' WHERE id = ?",
                        backend + "#pool", volume);
        try (OsloPeer openstack = OsloPeer.connect(settings.transportUrl())) {
            openstack.serve(settings.cinder(), "cinder-volume", backend);
            openstack.serve(settings.cinder(), "cinder-volume." + backend, backend.replaceFirst("@.*", ""));

            Http.Answer reset = cloud.http()
                    .post("/reseat/v1/volumes/" + volume + "/reset",
                            "{\"status\": \"available\", \"force\": [\"ignore-driver-error\", \"accept-unknown\"],"
                                    + " \"reason\": \"test\"}");

            assertThat(reset.text()).contains("cinder-volume").doesNotContain("ACCESS_REFUSED");
            assertThat(reset.status()).as(reset.text()).isEqualTo(200);
        }
    }
}
