package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.OpenStackScene.Attached;
import dev.reseat.testing.CloudFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same request to ours and to theirs, and all that both have written, column by column. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SameRowsCase {
    private OpenStack openstack;
    private OpenStackScene scene;
    private Beside ours;

    abstract OpenStackWithOurs cloud();

    @BeforeAll
    void start() throws Exception {
        openstack = cloud().openstack();
        scene = cloud().scene();
        ours = cloud().ours();
        ours.volumeManager().launch();
        ours.computeAgent().launch().awaitStarted();
        ours.volumeManager().awaitStarted();
    }

    @AfterAll
    void end() throws Exception {
        ours.volumeManager().kill();
        ours.computeAgent().kill();
    }

    /** What is done; each leaves its answers, and the volume as the flow ends. */
    enum Flow {
        RESERVE {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                test.reserved(api, volume, answers);
            }
        },
        RESERVE_AND_GIVE_UP {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                String id = test.reserved(api, volume, answers);
                answers.add(test.scene.delete(api, "/attachments/" + id).status());
            }
        },
        CONNECT {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                test.connected(api, volume, answers);
            }
        },
        COMPLETE {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                String id = test.connected(api, volume, answers);
                answers.add(test.action(api, "/attachments/" + id, "os-complete", Map.of()));
            }
        },
        ATTACH_AT_ONCE {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                test.attached(api, volume, answers);
            }
        },
        DETACH {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                String id = test.attached(api, volume, answers);
                answers.add(test.scene.delete(api, "/attachments/" + id).status());
            }
        },
        TERMINATE_CONNECTION {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                test.attached(api, volume, answers);
                answers.add(test.action(api, "/volumes/" + volume, "os-terminate_connection",
                        Map.of("connector", test.scene.connector())));
            }
        },
        ROLL_DETACHING {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                test.attached(api, volume, answers);
                test.put(volume, "status", "detaching");
                answers.add(test.action(api, "/volumes/" + volume, "os-roll_detaching", Map.of()));
            }
        },
        RESET_TO_ERROR {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                answers.add(test.reset(api, volume, Map.of("status", "error")));
            }
        },
        RESET_OF_A_MIGRATION {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                test.put(volume, "migration_status", "error");
                answers.add(test.reset(api, volume, Map.of("migration_status", "none")));
            }
        },
        RESET_TO_ATTACHED {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                test.attached(api, volume, answers);
                test.put(volume, "status", "error");
                answers.add(test.reset(api, volume, Map.of("status", "in-use", "attach_status", "attached")));
            }
        },
        RESET_TO_DETACHED {
            @Override
            void run(SameRowsCase test, Http api, String volume, List<Object> answers) {
                test.attached(api, volume, answers);
                test.put(volume, "status", "detaching");
                answers.add(test.reset(api, volume, Map.of("status", "available", "attach_status", "detached")));
            }
        };

        abstract void run(SameRowsCase test, Http api, String volume, List<Object> answers);
    }

    private String reserved(Http api, String volume, List<Object> answers) {
        return made(api, answers, Map.of("volume_uuid", volume, "instance_uuid", UUID.randomUUID().toString()));
    }

    private String connected(Http api, String volume, List<Object> answers) {
        String id = reserved(api, volume, answers);
        Http.Answer answer = scene.put(api, "/attachments/" + id,
                Map.of("attachment", Map.of("connector", scene.connector())));
        answers.add(StoredRows.told(answer));
        return id;
    }

    private String attached(Http api, String volume, List<Object> answers) {
        String id = made(api, answers, Map.of("volume_uuid", volume, "connector", scene.connector()));
        answers.add(action(api, "/attachments/" + id, "os-complete", Map.of()));
        return id;
    }

    private String made(Http api, List<Object> answers, Map<String, ?> wanted) {
        Http.Answer answer = scene.post(api, "/attachments", Map.of("attachment", wanted));
        answers.add(StoredRows.told(answer));
        return answer.json().path("attachment").path("id").asString();
    }

    private int action(Http api, String of, String name, Map<String, ?> arguments) {
        return scene.post(api, of + "/action", Map.of(name, arguments)).status();
    }

    private int reset(Http api, String volume, Map<String, ?> wanted) {
        return action(api, "/volumes/" + volume, "os-reset_status", wanted);
    }

    private void put(String volume, String column, String value) {
        openstack.databases()
                .sql("cinder")
                .useHandle(handle -> handle.execute(
                        "UPDATE volumes SET " + column + " = ? WHERE id = ?", value, volume));
    }

    @ParameterizedTest
    @EnumSource
    void rowsAreAsCinderWritesThem(Flow flow) throws Exception {
        StoredRows byOurs = run(flow, ours.http());
        StoredRows byTheirs = run(flow, openstack.cinderApi());

        assertThat(ExplainedDifferences.ofThePage().unexplained(byOurs.differences(byTheirs))).as(flow.name())
                .isEmpty();
    }

    private StoredRows run(Flow flow, Http api) {
        String volume = scene.volume(flow.name());
        StoredRows rows = new StoredRows();
        flow.run(this, api, volume, rows.answers());
        return rows.read(openstack.databases(), volume, Optional.empty());
    }

    @Test
    void aResetLeavesTheRowsOfADetach() throws Exception {
        String byOurs = scene.volume("by ours");
        String byCinder = scene.volume("by Cinder");
        scene.attach(byOurs, Optional.empty());
        String attachment = scene.attach(byCinder, Optional.empty());

        ours.reseat("volume", "reset-state", "--state", "available", byOurs).assertSucceeded();
        Http.Answer deleted = openstack.cinderApi()
                .send("DELETE", "/v3/" + CloudFixture.PROJECT + "/attachments/" + attachment, "");
        assertThat(deleted.status()).as(deleted.text()).isEqualTo(200);

        assertSame(byOurs, byCinder, Optional.empty(), Optional.empty());
    }

    @Test
    @Tag("slow")
    void aRefreshLeavesTheRowsOfNovaManage() throws Exception {
        Attached byOurs = scene.attached("refresh by ours");
        Attached byNova = scene.attached("refresh by Nova");

        ours.reseat("bdm", "refresh", byOurs.instance(), byOurs.volume()).assertSucceeded();
        cloud().refreshByNovaManage(byNova.instance(), byNova.volume()).assertSucceeded();

        assertSame(byOurs.volume(), byNova.volume(), Optional.of(byOurs.instance()), Optional.of(byNova.instance()));
    }

    private void assertSame(String ours, String theirs, Optional<String> ourInstance, Optional<String> theirInstance)
            throws Exception {
        StoredRows byOurs = new StoredRows().read(openstack.databases(), ours, ourInstance);
        StoredRows byTheirs = new StoredRows().read(openstack.databases(), theirs, theirInstance);
        assertThat(ExplainedDifferences.ofThePage().unexplained(byOurs.differences(byTheirs))).isEmpty();
    }
}
