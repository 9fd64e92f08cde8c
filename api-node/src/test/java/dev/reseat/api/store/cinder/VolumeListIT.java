package dev.reseat.api.store.cinder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
@Tag("any-database")
@Tag("slow-on-mariadb")
final class VolumeListIT {
    private static final VolumeTable VOLUMES = new VolumeTable();

    private static CloudFixture cloud;

    // every test has a project of its own
    private final String project = UUID.randomUUID().toString();

    @BeforeAll
    static void open() {
        cloud = CloudFixture.open();
    }

    @AfterAll
    static void close() {
        cloud.close();
    }

    @Test
    void aVolumeComesWithEverythingThatBelongsToIt() {
        String id = cloud.volume(Map.of(
                "display_name", "vol",
                "status", "in-use",
                "attach_status", "attached",
                "_name_id", "name-id",
                "migration_status", "success",
                "provider_auth", "CHAP u p",
                "launched_at", CloudFixture.EPOCH));
        metadata("volume_metadata", id, "color", "red", false);
        metadata("volume_metadata", id, "color", "blue", true);
        metadata("volume_admin_metadata", id, "attached_mode", "rw", false);
        String attachment = cloud.attachment(id, "attached");
        cloud.attachment(id, Map.of("attach_status", "detached", "deleted", true));

        Volume volume = find(id).orElseThrow();

        assertThat(volume.displayName()).contains("vol");
        assertThat(volume.volumeTypeName()).contains("file");
        assertThat(volume.nameId()).contains("name-id");
        assertThat(volume.launchedAt()).contains(EmbeddedDatabase.kept(CloudFixture.EPOCH));
        assertThat(volume.clusterName()).isEmpty();
        assertThat(volume.sharedTargets()).contains(true);
        assertThat(volume.metadata()).containsExactly(Map.entry("color", "red"));
        assertThat(volume.adminMetadata()).containsExactly(Map.entry("attached_mode", "rw"));
        assertThat(volume.attachments()).extracting("id").containsExactly(attachment);
        assertThat(volume.guard())
                .isEqualTo(new Volume.Guard(
                        id, "in-use", Optional.of("attached"), Optional.of("success"), List.of(attachment)));
    }

    @Test
    void aDeletedVolumeIsNotThere() {
        String id = cloud.volume(Map.of("status", "deleted", "deleted", true));

        assertThat(find(id)).isEmpty();
        assertThat(find("nope")).isEmpty();
    }

    @Test
    void newestFirstUnlessAskedOtherwise() {
        String first = volume(Map.of());
        String second = volume(Map.of());

        assertThat(list(ofProject())).containsExactly(second, first);
    }

    @Test
    void everyConditionHasToHold() {
        String stuck = volume(Map.of("status", "detaching", "display_name", "a", "host", "h@lvm#pool"));
        String other = volume(Map.of("status", "attaching", "display_name", "a", "host", "h2@lvm#pool"));
        volume(Map.of("status", "available", "display_name", "b", "host", "h@lvm2#pool"));
        metadata("volume_metadata", stuck, "tier", "gold", false);
        metadata("volume_admin_metadata", stuck, "readonly", "True", false);
        metadata("volume_metadata", other, "tier", "gold", true);

        assertThat(list(filter(Set.of("detaching", "attaching"), "a", null, Map.of()))).containsExactly(other, stuck);
        assertThat(list(filter(Set.of(), "a", "h", Map.of()))).containsExactly(stuck);
        assertThat(list(filter(Set.of(), null, "h@lvm", Map.of()))).containsExactly(stuck);
        assertThat(list(filter(Set.of(), null, "h@lvm#pool", Map.of()))).containsExactly(stuck);
        assertThat(list(filter(Set.of(), null, "h@lv", Map.of()))).isEmpty();
        assertThat(list(filter(Set.of(), null, null, Map.of("tier", "gold", "readonly", "True"))))
                .containsExactly(stuck);
        assertThat(list(filter(Set.of("error"), null, null, Map.of()))).isEmpty();
        assertThat(count(filter(Set.of(), "a", null, Map.of()))).isEqualTo(2);
    }

    @Test
    void whatLooksLikeSqlIsOnlyAValue() {
        volume(Map.of("display_name", "a"));

        assertThat(list(filter(Set.of("'; DROP TABLE volumes; --"), "' OR ''='", "%", Map.of(":id", "?")))).isEmpty();
        assertThat(list(ofProject())).hasSize(1);
    }

    @Test
    void idsSelectTheirVolumes() {
        String one = volume(Map.of());
        volume(Map.of());
        VolumeFilter all = VolumeFilter.ALL;

        assertThat(list(new VolumeFilter(
                all.projectId(),
                all.statuses(),
                all.name(),
                all.host(),
                all.migrationStatus(),
                all.metadata(),
                Set.of(one, "nope"),
                all.sort(),
                all.page())))
                .containsExactly(one);
    }

    @Test
    void pagesFollowTheMarkerAlsoWhereValuesAreEqualOrNull() {
        List<String> made = new ArrayList<>();
        for (String name : List.of("a", "a", "b", "", "", "c")) {
            made.add(volume(name.isEmpty() ? Map.of() : Map.of("display_name", name)));
        }
        for (List<Sort<VolumeFilter.Key>> sort : List.of(
                List.of(Sort.ascending(VolumeFilter.Key.NAME)),
                List.of(Sort.descending(VolumeFilter.Key.NAME)),
                List.of(Sort.descending(VolumeFilter.Key.NAME), Sort.ascending(VolumeFilter.Key.CREATED_AT)),
                List.of(Sort.ascending(VolumeFilter.Key.SIZE)),
                List.<Sort<VolumeFilter.Key>>of())) {
            List<String> all = list(ofProject(sort, Page.ALL));
            assertThat(all).containsExactlyInAnyOrderElementsOf(made);
            assertThat(page(sort, Optional.empty(), 2)).isEqualTo(all.subList(0, 2));
            for (int seen = 1; seen <= made.size(); seen++) {
                assertThat(page(sort, Optional.of(all.get(seen - 1)), 2))
                        .isEqualTo(all.subList(seen, Math.min(seen + 2, all.size())));
            }
        }
    }

    @Test
    void limitZeroIsNothingAndAnUnknownMarkerHasNothingBehindIt() {
        volume(Map.of());

        assertThat(page(List.of(), Optional.empty(), 0)).isEmpty();
        assertThat(page(List.of(), Optional.of("nope"), 5)).isEmpty();
        assertThat(list(ofProject(List.of(), new Page(Optional.empty(), OptionalInt.empty(), 1)))).isEmpty();
        assertThat(count(ofProject(List.of(), new Page(Optional.empty(), OptionalInt.of(0), 7)))).isEqualTo(1);
    }

    private String volume(Map<String, Object> columns) {
        Map<String, Object> row = new java.util.HashMap<>(columns);
        row.put("project_id", project);
        return cloud.volume(row);
    }

    private static void metadata(String table, String volume, String key, String value, boolean deleted) {
        cloud.insert(
                cloud.cinder(), table, Map.of("volume_id", volume, "key", key, "value", value, "deleted", deleted));
    }

    private VolumeFilter ofProject() {
        return ofProject(List.of(), Page.ALL);
    }

    private VolumeFilter ofProject(List<Sort<VolumeFilter.Key>> sort, Page page) {
        VolumeFilter all = VolumeFilter.ALL;
        return new VolumeFilter(
                Optional.of(project),
                all.statuses(),
                all.name(),
                all.host(),
                all.migrationStatus(),
                all.metadata(),
                all.ids(),
                sort,
                page);
    }

    private VolumeFilter filter(Set<String> statuses, String name, String host, Map<String, String> metadata) {
        return new VolumeFilter(
                Optional.of(project),
                statuses,
                Optional.ofNullable(name),
                Optional.ofNullable(host),
                Optional.empty(),
                metadata,
                Set.of(),
                List.of(),
                Page.ALL);
    }

    private List<String> page(List<Sort<VolumeFilter.Key>> sort, Optional<String> marker, int limit) {
        return list(ofProject(sort, new Page(marker, OptionalInt.of(limit), 0)));
    }

    private static Optional<Volume> find(String id) {
        return cloud.cinder().transaction(tx -> VOLUMES.find(tx, id));
    }

    private static List<String> list(VolumeFilter filter) {
        return cloud.cinder().transaction(tx -> VOLUMES.list(tx, filter)).stream().map(Volume::id).toList();
    }

    private static int count(VolumeFilter filter) {
        return cloud.cinder().transaction(tx -> VOLUMES.count(tx, filter));
    }
}
