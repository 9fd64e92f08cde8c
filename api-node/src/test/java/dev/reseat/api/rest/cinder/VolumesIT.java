package dev.reseat.api.rest.cinder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls;
import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.RestFixture;
import dev.reseat.testing.CloudFixture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Tag("database")
@Tag("any-database")
class VolumesIT {
    private static final String VERSION = "OpenStack-API-Version";

    private static RestFixture node;
    private static CloudFixture cloud;
    /** Every test has one of its own, so that it sees no volumes of others. */
    private final String project = UUID.randomUUID().toString();
    private HttpCalls http;

    @BeforeAll
    static void open() {
        node = RestFixture.noauth();
        cloud = node.cloud;
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @BeforeEach
    void connect() {
        http = node.calls(project);
    }

    @AfterEach
    void disconnect() {
        http.close();
    }

    @Test
    void discoveryIsWhatClientsExpect() {
        try (var anybody = new HttpCalls(node.server.port())) {
            Answer root = anybody.get("/");
            assertThat(root.status()).isEqualTo(300);
            JsonNode version = root.json().path("versions").path(0);
            assertThat(version.path("id").stringValue()).isEqualTo("v3.0");
            assertThat(version.path("version").stringValue()).isEqualTo("3.70");
            assertThat(version.path("links").path(1).path("href").stringValue()).isEqualTo(http.base() + "/v3/");
            assertThat(version.path("media-types").path(0).path("type").stringValue())
                    .isEqualTo("application/vnd.openstack.volume+json;version=3");
            assertThat(anybody.get("/healthcheck").body()).isEqualTo("OK");
            assertThat(anybody.get("/v3").status()).isEqualTo(302);
            assertThat(anybody.get("/v3").header("Location")).isEqualTo("/v3/");
        }
        assertThat(http.get("/v3/").json()).isEqualTo(http.get("/").json());
    }

    @Test
    void aVolumeIsShownWithWhatTheVersionKnows() {
        String id = volume(Map.of("status", "in-use", "attach_status", "attached", "display_name", "db"));
        String attachment = cloud.attachment(id, Map.of("attach_status", "attached"));

        JsonNode old = http.get("/v3/volumes/" + id).json().path("volume");
        JsonNode latest = http.get("/v3/" + project + "/volumes/" + id, VERSION, "volume 3.70")
                .json()
                .path("volume");

        assertThat(old.path("bootable").stringValue()).isEqualTo("false");
        assertThat(old.path("volume_type").stringValue()).isEqualTo("file");
        assertThat(old.path("created_at").stringValue()).matches("2026-11-22T07:03:\\d\\d\\.\\d{6}");
        assertThat(old.path("os-vol-host-attr:host").stringValue()).isEqualTo(CloudFixture.HOST);
        assertThat(old.path("migration_status").isNull()).isTrue();
        assertThat(old.has("group_id")).isFalse();
        assertThat(old.path("attachments").path(0).path("id").stringValue()).isEqualTo(id);
        assertThat(old.path("attachments").path(0).path("attachment_id").stringValue()).isEqualTo(attachment);
        assertThat(old.path("links").path(0).path("href").stringValue()).isEqualTo(http.base() + "/v3/volumes/" + id);
        assertThat(latest.path("links").path(1).path("href").stringValue())
                .isEqualTo(http.base() + "/" + project + "/volumes/" + id);
        assertThat(latest.propertyNames())
                .contains("group_id", "provider_id", "shared_targets", "service_uuid", "cluster_name",
                        "volume_type_id", "consumes_quota", "os-vol-tenant-attr:tenant_id");
    }

    @Test
    void anUnknownVolumeIsNotFound() {
        assertThat(http.get("/v3/volumes/nope").message("itemNotFound")).isEqualTo("Volume nope could not be found.");
    }

    @Test
    void pagesFollowEachOther() {
        for (int i = 0; i < 3; i++) {
            volume(Map.of());
        }

        JsonNode first = http.get("/v3/volumes?limit=2&sort=created_at:asc", VERSION, "volume 3.45").json();
        String next = first.path("volumes_links").path(0).path("href").stringValue();
        JsonNode second = http.get(next.substring(http.base().length())).json();

        assertThat(first.path("volumes")).hasSize(2);
        assertThat(first.path("volumes_links").path(0).path("rel").stringValue()).isEqualTo("next");
        assertThat(next).startsWith(http.base() + "/v3/volumes?limit=2&sort=created_at%3Aasc&marker=");
        assertThat(second.path("volumes")).hasSize(1);
        assertThat(second.has("volumes_links")).isFalse();
        assertThat(http.get("/v3/volumes/detail?with_count=true&limit=1", VERSION, "volume 3.45")
                .json()
                .path("count")
                .intValue())
                .isEqualTo(3);
    }

    @Test
    void othersVolumesAreListedOnlyWhenAskedFor() {
        String foreign = cloud.volume(Map.of("project_id", "other", "status", "error"));
        String own = volume(Map.of());

        assertThat(ids("/v3/volumes")).containsExactly(own);
        assertThat(ids("/v3/volumes?all_tenants=1")).contains(own, foreign);
        assertThat(ids("/v3/volumes?all_tenants=1&project_id=other")).containsExactly(foreign);
        assertThat(ids("/v3/volumes?project_id=other")).as("of one's own project, as in Cinder").containsExactly(own);
    }

    @Test
    void filtersAreCinders() {
        String broken = volume(Map.of("status", "error", "display_name", "a", "display_description", "of 100%"));
        volume(Map.of("status", "available", "display_name", "b"));

        assertThat(ids("/v3/volumes?status=error")).containsExactly(broken);
        assertThat(ids("/v3/volumes?status=%5B%27error%27,%20%27creating%27%5D")).containsExactly(broken);
        assertThat(ids("/v3/volumes?status=(%27error%27,%27creating%27)")).containsExactly(broken);
        assertThat(ids("/v3/volumes?name=a")).containsExactly(broken);
        assertThat(ids("/v3/volumes?host=host-1&name=a")).containsExactly(broken);
        assertThat(ids("/v3/volumes?nonsense=1")).isEmpty();
        assertThat(ids("/v3/volumes?display_name~=a&status=error")).containsExactly(broken);
        assertThat(http.get("/v3/volumes?description~=100", VERSION, "volume 3.34").json().path("volumes")).hasSize(1);
        assertThat(ids("/v3/volumes?migration_status=None&name=a")).containsExactly(broken);
        assertThat(ids("/v3/volumes?size=99")).isEmpty();
        assertThat(http.get("/v3/volumes?size=x").message("badRequest")).contains("size");
        assertThat(http.get("/v3/volumes?consumes_quota=x", VERSION, "volume 3.65").message("badRequest"))
                .isEqualTo("Value 'x' for 'use_quota' is not a boolean.");
        assertThat(ids("/v3/volumes?metadata=x")).isEmpty();
        assertThat(ids("/v3/volumes?bootable=true&multiattach=true")).isEmpty();
        String times = "/v3/volumes?name=a&created_at=gt:2020-01-01T00:00:00,lt:2020-01-02";
        assertThat(http.get(times, VERSION, "volume 3.60").json().path("volumes")).isEmpty();
        assertThat(http.get("/v3/volumes?created_at=yesterday", VERSION, "volume 3.60").message("badRequest"))
                .isEqualTo("Invalid yesterday operator");
    }

    @Test
    void allTogetherAreSummedUp() {
        String one = volume(Map.of("status", "error", "size", 2));
        String two = volume(Map.of("status", "available", "size", 3));
        for (String value : List.of("v", "w")) {
            cloud.insert(cloud.cinder(), "volume_metadata", Map.of(
                    "volume_id", value.equals("v") ? one : two, "key", "k", "value", value, "deleted", false));
        }

        JsonNode old = http.get("/v3/volumes/summary", VERSION, "volume 3.12").json().path("volume-summary");
        JsonNode latest = http.get("/v3/volumes/summary", VERSION, "volume 3.70").json().path("volume-summary");

        assertThat(old.toString()).isEqualTo("{\"total_count\":2,\"total_size\":5}");
        assertThat(latest.path("metadata").toString()).isEqualTo("{\"k\":[\"v\",\"w\"]}");
        assertThat(http.get("/v3/volumes/summary?all_tenants=1", VERSION, "volume 3.12")
                .json()
                .path("volume-summary")
                .path("total_count")
                .intValue()).isGreaterThanOrEqualTo(2);
        assertThat(http.get("/v3/volumes/summary", VERSION, "volume 3.11").status()).isEqualTo(404);
    }

    @Test
    void theImageThatAVolumeWasMadeFromIsShownAndFilteredBy() {
        String id = volume(Map.of("bootable", true, "display_name", "of an image"));
        volume(Map.of("display_name", "of none"));
        cloud.insert(cloud.cinder(), "volume_glance_metadata", Map.of(
                "volume_id", id, "key", "image_name", "value", "cirros", "deleted", false));

        assertThat(http.get("/v3/volumes/" + id).json().path("volume").path("volume_image_metadata").toString())
                .isEqualTo("{\"image_name\":\"cirros\"}");
        assertThat(http.get("/v3/volumes/detail?name=of%20none").body()).doesNotContain("volume_image_metadata");
        String filter = "/v3/volumes?glance_metadata=%7B%27image_name%27:%27cirros%27%7D";
        JsonNode found = http.get(filter, VERSION, "volume 3.4").json().path("volumes");
        assertThat(found).hasSize(1);
        assertThat(found.path(0).path("id").stringValue()).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "limit=-1 | limit param must be positive",
            "limit=x | limit param must be an integer",
            "offset=-1 | offset must be >= 0",
            "sort=nonsense | Invalid input received: Invalid sort key",
            "sort=name,name:asc | Invalid input received: Invalid sort key",
            "sort=id:up | Invalid input received: Unknown sort direction, must be 'desc' or 'asc'.",
            "all_tenants=maybe | Value 'maybe' for 'all_tenants' is not a boolean.",
    })
    void wrongQueriesAreRefused(String query, String message) {
        assertThat(http.get("/v3/volumes?" + query).message("badRequest")).isEqualTo(message);
    }

    @Test
    void anUnknownMarkerIsNotFound() {
        assertThat(http.get("/v3/volumes?marker=zz").message("itemNotFound"))
                .isEqualTo("Volume zz could not be found.");
    }

    private String volume(Map<String, Object> columns) {
        Map<String, Object> row = new HashMap<>(columns);
        row.put("project_id", project);
        return cloud.volume(row);
    }

    private List<String> ids(String path) {
        return http.get(path)
                .json()
                .path("volumes")
                .values()
                .stream()
                .map(volume -> volume.path("id").stringValue())
                .toList();
    }
}
