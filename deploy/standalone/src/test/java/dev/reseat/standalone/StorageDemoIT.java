package dev.reseat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demo on real storage. */
@Tag("slow")
final class StorageDemoIT {
    private static final String AGREE = "  checked: rbd status, virsh dumpxml and both databases agree about ";
    private static final List<String> VOLUMES =
            List.of("stale", "attaching-blank", "detaching-connected", "ghost", "held", "healthy");

    @Test
    void everythingIsRepairedOnARealCephWithRealGuests() throws Exception {
        Needed.packages(CephStorage.missingPackages());
        try (DemoProcess demo = new DemoProcess("--storage", "ceph", "--broker", "memory")) {
            int code = demo.awaitEnd();

            assertThat(code).as(demo.printed()).isZero();
            assertThat(demo.printed()).contains("it was refused", "watches the image")
                    .endsWith("demo: OK")
                    .doesNotContain("NOT SO");
            assertThat(demo.printed().lines().filter(line -> line.startsWith(AGREE)).sorted()).as("before and after")
                    .containsExactlyElementsOf(VOLUMES.stream()
                            .flatMap(name -> Stream.of(AGREE + name, AGREE + name))
                            .sorted()
                            .toList());
        }
    }

    @Test
    void everythingIsRepairedOnLogicalVolumesBehindARealTarget() throws Exception {
        Needed.packages(LvmStorage.missingPackages());
        Needed.packages(LvmStorage.isPossible() ? List.of() : List.of("root"));
        try (DemoProcess demo = new DemoProcess("--storage", "lvm", "--broker", "memory")) {
            int code = demo.awaitEnd();

            assertThat(code).as(demo.printed()).isZero();
            assertThat(demo.printed()).contains("it was refused", "has an iSCSI session", "is let in to no target")
                    .endsWith("demo: OK")
                    .doesNotContain("NOT SO");
        }
    }
}
