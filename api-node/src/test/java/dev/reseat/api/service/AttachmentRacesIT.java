package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.testing.OtherTransaction;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an attachment was decided on changes before it is written. */
@Tag("database")
@Tag("any-database")
final class AttachmentRacesIT {
    private final ServiceFixture fixture = new ServiceFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aVolumeThatIsDeletedMeanwhileIsNotReserved() throws Exception {
        String volume = fixture.cloud.volume("available");

        Throwable failure = whileDeleted(volume, () -> fixture.attachments.create(
                ADMIN, volume, Optional.of("i-1"), Optional.empty(), Optional.empty()));

        assertThat(failure).isInstanceOf(ServiceException.NotFound.class);
        assertThat(fixture.count("volume_attachment")).isZero();
    }

    @Test
    void neitherIsOneThatTheInstanceHasAlready() throws Exception {
        String instance = fixture.cloud.instance();
        String volume = fixture.cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        fixture.cloud.attachment(volume, Map.of("instance_uuid", instance));

        Throwable failure = whileDeleted(volume, () -> fixture.attachments.create(
                ADMIN, volume, Optional.of(instance), Optional.empty(), Optional.empty()));

        assertThat(failure).isInstanceOf(ServiceException.NotFound.class);
        assertThat(fixture.count("volume_attachment")).isEqualTo(1);
    }

    @Test
    void aVolumeThatIsDeletedMeanwhileIsNotAttached() throws Exception {
        String volume = fixture.cloud.volume("available");

        Throwable failure = whileDeleted(volume, () -> fixture.state.attach(
                volume, Optional.of("i-1"), Optional.of("host-a"), Optional.empty(), Optional.empty()));

        assertThat(failure).isInstanceOf(ServiceException.NotFound.class);
        assertThat(fixture.count("volume_attachment")).isZero();
        assertThat(fixture.count("volume_admin_metadata")).isZero();
    }

    @Test
    void anAttachmentThatIsDeletedMeanwhileIsNotTheOneThatIsAttached() throws Exception {
        String instance = fixture.cloud.instance();
        String volume = fixture.cloud.volume(Map.of("status", "reserved"));
        String old = fixture.cloud.attachment(volume, Map.of("instance_uuid", instance, "attach_status", "reserved"));
        CompletableFuture<Attachment> attaching;
        try (OtherTransaction other = OtherTransaction.on(fixture.cloud.cinder())) {
            other.run(tx -> tx.handle().execute("SELECT 1 FROM volumes WHERE id = ? FOR UPDATE", volume));
            other.run(tx -> tx.handle().execute("UPDATE volume_attachment SET deleted = true WHERE id = ?", old));
            attaching = async(() -> fixture.state.attach(
                    volume, Optional.of(instance), Optional.of("host-a"), Optional.empty(), Optional.empty()));
            other.awaitBlocked(fixture.cloud.cinder());
            other.commit();
        }

        Attachment made = attaching.get(20, TimeUnit.SECONDS);

        assertThat(made.id()).isNotEqualTo(old);
        assertThat(made.status()).isEqualTo("attached");
        assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id).containsExactly(made.id());
    }

    @Test
    void whatCannotBeCompletedIsRefusedAndStaysAsItIs() {
        String volume = fixture.cloud.volume(Map.of("status", "attaching", "attach_status", "attaching"));
        String failed = fixture.cloud.attachment(
                volume, Map.of("attach_status", "error_attaching", "connector", "{\"host\": \"host-a\"}"));

        assertThatThrownBy(() -> fixture.attachments.complete(ADMIN, failed))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("Attachment " + failed + " is error_attaching");

        assertThat(fixture.anyAttachment(failed).status()).isEqualTo("error_attaching");
        assertThat(fixture.volume(volume).status()).isEqualTo("attaching");
    }

    private Throwable whileDeleted(String volume, Supplier<Attachment> work) throws Exception {
        CompletableFuture<Attachment> result;
        try (OtherTransaction other = OtherTransaction.on(fixture.cloud.cinder())) {
            other.run(tx -> tx.handle()
                    .execute("UPDATE volumes SET deleted = true, status = 'deleted' WHERE id = ?", volume));
            result = async(work);
            other.awaitBlocked(fixture.cloud.cinder());
            other.commit();
        }
        return catchThrowable(() -> result.get(20, TimeUnit.SECONDS)).getCause();
    }

    private static CompletableFuture<Attachment> async(Supplier<Attachment> work) {
        return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
    }
}
