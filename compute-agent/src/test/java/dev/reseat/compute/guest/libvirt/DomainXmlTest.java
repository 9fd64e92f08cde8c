package dev.reseat.compute.guest.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.guest.GuestVolume;
import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DomainXmlTest {
    private static final String A = "aaaaaaaa-0000-4000-8000-00000000000a";
    private static final String B = "bbbbbbbb-0000-4000-8000-00000000000b";

    private static DomainDisk disk(String xml) {
        return DomainXml.read("<domain><name>d</name><devices>" + xml + "</devices></domain>").disks().getFirst();
    }

    private static GuestVolume at(String id, String source) {
        return new GuestVolume(id, List.of(source));
    }

    @Test
    void theRunningDomainHasAnIdAndTheStoredHasNone() {
        DomainXml running = DomainXml.read("""
                <domain type='kvm' id='7'><name>instance-00000001</name>
                  <metadata><n:name xmlns:n='x'>&lt;disk/&gt;</n:name></metadata><devices>
                    <disk type='network' device='disk'>
                      <auth username='cinder'><secret type='ceph' uuid='u'/></auth>
                      <source protocol='rbd' name='volumes/volume-%s' index='1'><host name='h' port='6789'/>
                        <host name='fd00::1' port='3300'/><host name='192.0.2.7'/></source>
                      <target dev='vdb' bus='virtio'/><serial>%s</serial></disk>
                    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk></devices></domain>
                """.formatted(A, A));

        assertThat(running.active()).isTrue();
        assertThat(running.name()).isEqualTo("instance-00000001");
        assertThat(running.disks()).containsExactly(
                new DomainDisk("vdb", false, Optional.of("volumes/volume-" + A), List.of(), Optional.of(A),
                        List.of("h:6789", "[fd00::1]:3300", "192.0.2.7")),
                new DomainDisk("sda", false, Optional.empty(), List.of(), Optional.empty()));
        assertThat(DomainXml.read("<domain><name>d</name></domain>").active()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<domain>", "<error/>", "not xml",
            "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><domain><name>&e;</name></domain>"})
    void whatIsNoDefinitionIsNoAnswer(String text) {
        assertThatThrownBy(() -> DomainXml.read(text)).isInstanceOf(HypervisorSilent.class);
    }

    @Test
    void anImageIsFoundByNameWhateverItsSerialSays() {
        DomainDisk disk = disk("<disk type='network'><source protocol='rbd' name='p/volume-" + B
                + "'/><target dev='vda'/><serial>" + A + "</serial></disk>");

        assertThat(disk.isOf(GuestVolume.named(B))).isEqualTo(Answer.YES);
        assertThat(disk.isOf(at(A, "p/volume-" + B))).as("A migrated, and is now in an image of that name")
                .isEqualTo(Answer.YES);
        assertThat(disk.isOf(at(A, "p/volume-" + A))).as("swapped, or migrated").isEqualTo(Answer.UNKNOWN);
        assertThat(disk.isItself(GuestVolume.named(B))).isTrue();
    }

    @Test
    void aDeviceOfTheHostIsFoundByItsPathThenByItsSerial() {
        DomainDisk disk = disk("<disk type='block'><source dev='/dev/sdc'/><target dev='vda'/><serial>" + A
                + "</serial></disk>");

        assertThat(disk.isOf(at(B, "/dev/sdc"))).isEqualTo(Answer.YES);
        assertThat(disk.isOf(at(A, "/dev/sdb"))).as("paths change at every start of the host").isEqualTo(Answer.YES);
        assertThat(disk.isOf(GuestVolume.named(B))).isEqualTo(Answer.NO);
        assertThat(disk("<disk type='block'><source dev='/dev/sdc'/><target dev='vda'/></disk>")
                .isOf(GuestVolume.named(B))).as("a device that nobody has named").isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void whatADiskIsCopiedToOrStandsOnIsInUseAndNotTheDisk() {
        DomainDisk copied = disk("<disk type='file'><source file='/v/volume-" + A
                + "'/><mirror type='file'><source file='/v/volume-" + B + "'/></mirror><target dev='vda'/></disk>");
        DomainDisk layered = disk("<disk type='file'><source file='/v/overlay'/><backingStore type='file'>"
                + "<backingStore type='file'><source file='/v/volume-" + B
                + "'/></backingStore><source file='/v/middle'/></backingStore><target dev='vda'/></disk>");

        assertThat(copied.isOf(GuestVolume.named(B))).isEqualTo(Answer.YES);
        assertThat(copied.isItself(GuestVolume.named(B))).isFalse();
        assertThat(copied.isItself(GuestVolume.named(A))).isTrue();
        assertThat(layered.isOf(GuestVolume.named(B))).isEqualTo(Answer.YES);
        assertThat(layered.isItself(GuestVolume.named(B))).isFalse();
    }

    @Test
    void filesThatBearNobodysIdAreNoVolumes() {
        assertThat(disk("<disk type='file'><source file='/images/x.qcow2'/><target dev='vda'/></disk>").mayBeAVolume())
                .isFalse();
        assertThat(disk("<disk type='block'><source dev='/dev/sdc'/><target dev='vda'/></disk>").mayBeAVolume())
                .isTrue();
    }
}
