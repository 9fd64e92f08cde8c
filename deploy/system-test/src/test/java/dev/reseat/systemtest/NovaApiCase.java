package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.OpenStackScene.Attached;
import dev.reseat.testing.CloudFixture;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code os-volume_attachments} of a real nova-api and of ours: the same answers to the same requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NovaApiCase {
    private Attached attached;
    private Http theirs;
    private Http ours;

    abstract OpenStackWithOurs cloud();

    @BeforeAll
    void start() throws Exception {
        attached = cloud().scene().attached("nova-api");
        OpenStackSettings settings = cloud().openstack().settings();
        cloud().openstack().startNovaApi();
        theirs = new Http("http://127.0.0.1:" + settings.novaPort(), CloudFixture.USER, CloudFixture.PROJECT);
        ours = new Http("http://127.0.0.1:" + settings.apiPort(), CloudFixture.USER, CloudFixture.PROJECT);
    }

    @AfterAll
    void stop() {
        cloud().openstack().service("nova-api").close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "2.69", "2.70", "2.78", "2.79", "2.88", "2.89", "2.93", "2.999", "1.0", "abc"})
    void areAnsweredAlike(String version) {
        String server = "/v2.1/servers/" + attached.instance() + "/os-volume_attachments";
        for (String path : List.of(
                server, server + "/" + attached.volume(), server + "/" + UUID.fromString(
                        "00000000-0000-4000-8000-000000000000"),
                "/v2.1/servers/00000000-0000-4000-8000-000000000000/os-volume_attachments", server + "?limit=-1",
                server + "?limit=1", server + "?foo=1")) {
            Http.Answer one = ours.asked("compute " + version, path);
            Http.Answer other = theirs.asked("compute " + version, path);
            assertThat(one.status()).as(path + " " + version + ": " + one.text() + " / " + other.text())
                    .isEqualTo(other.status());
            assertThat(one.json()).as(path + " " + version).isEqualTo(other.json());
        }
    }
}
