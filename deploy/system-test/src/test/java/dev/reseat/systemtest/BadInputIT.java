package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Http.Answer;
import dev.reseat.systemtest.Scene.Attached;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that make no sense: a clear error in the caller's own form, and nothing changes. */
@Tag("broker")
@Tag("database")
final class BadInputIT {
    private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    private final Cloud cloud = Cloud.shared();
    private final Scene scene = new Scene(cloud);
    private Attached stuck;
    private Map<String, Object> before;

    @BeforeEach
    void aStuckVolume() {
        stuck = scene.stuck("bad input", "detaching");
        before = cloud.volume(stuck.volume());
    }

    private Answer action(String body) {
        return cloud.http().post("/v3/volumes/" + stuck.volume() + "/action", body);
    }

    private void assertRefused(Answer answer, int status, String key, String message) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().path(key).path("code").intValue()).isEqualTo(status);
        assertThat(answer.message()).contains(message);
        assertNothingChanged();
    }

    private void assertNothingChanged() {
        assertThat(cloud.volume(stuck.volume())).isEqualTo(before);
        assertThat(cloud.liveAttachments(stuck.volume())).isOne();
        assertThat(stuck.exports()).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"os-reset_status\"", "{}", "{\"os-reset_status\": {}, \"os-detach\": {}}",
            "not json", "{\"os-reset_status\": {\"status\": \"available\"}} {}"})
    void aBodyThatIsNoActionIsMalformed(String body) {
        assertRefused(action(body), 400, "badRequest", "Malformed request body");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{'os-foo': {}} | There is no such action: os-foo.",
            "{'os-reset_status': {'status': 1}} | Invalid input for field/attribute status. Value: 1. 1 is not of type",
            "{'os-reset_status': {'status': ['error']}} | Invalid input for field/attribute status.",
            "{'os-reset_status': {'status': 'bogus'}} | Volume status: bogus is invalid, valid statuses are: "
                    + "('creating',",
            "{'os-reset_status': {'status': 'deleting'}} | Cannot reset-state to deleting",
            "{'os-reset_status': {'status': 'error', 'other': 1}} | Additional properties are not allowed",
            "{'os-reset_status': {}} | Must specify 'status', 'attach_status' or 'migration_status' for update.",
            "{'os-reset_status': null} | Invalid input for field/attribute os-reset_status.",
            "{'os-reset_status': {'status': 'available', 'force': true}} | reason",
    })
    void aWrongActionIsABadRequestInCindersWords(String body, String message) {
        assertRefused(action(body.replace('\'', '"')), 400, "badRequest", message);
    }

    @Test
    void anUnknownVolumeIsNotFound() {
        String body = "{\"os-reset_status\": {\"status\": \"error\"}}";

        assertRefused(cloud.http().post("/v3/volumes/" + NOBODY + "/action", body), 404, "itemNotFound",
                "Volume " + NOBODY + " could not be found.");
        assertRefused(cloud.http().get("/v3/volumes/nope"), 404, "itemNotFound", "Volume nope could not be found.");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        Answer answer = action("{\"os-reset_status\": {\"status\": \"" + "x".repeat(200_000) + "\"}}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text()).contains("Request is too large.");
        assertNothingChanged();
    }

    @Test
    void aHostThatNobodyServesIsUnavailable() {
        cloud.rows()
                .execute(cloud.cinder(), "UPDATE volumes SET host = 'nowhere@file#file' WHERE id = ?",
                        stuck.volume());
        before = cloud.volume(stuck.volume());

        assertRefused(action("{\"os-reset_status\": {\"status\": \"available\"}}"), 503, "serviceUnavailable",
                "The volume service of nowhere@file#file cannot be reached");
        assertThat(cloud.journal(stuck.volume())).containsEntry("state", "undone");
    }

    @Test
    void aRefreshThatMakesNoSenseIsRefused() {
        String path = "/reseat/v1/block-device-mappings/";
        String mapping = scene.attached("mapped").mapping();
        assertRefused(cloud.http().post(path + NOBODY + "/refresh", "{}"), 404, "itemNotFound", NOBODY);
        assertRefused(cloud.http().post(path + mapping + "/refresh", "{\"connector\": []}"), 400, "badRequest",
                "Invalid input for field/attribute connector.");
        assertRefused(
                cloud.http().post(path + mapping + "/refresh", "{\"connector\": {\"host\": \"other\"}}"),
                409, "conflictingRequest", "wrong compute host");
    }

    @Test
    void anAttachmentThatMakesNoSenseIsRefused() {
        assertRefused(cloud.http().post("/v3/attachments", "{\"attachment\": {}}"), 400, "badRequest", "volume_uuid");
        assertRefused(cloud.http().post("/v3/attachments", "{\"attachment\": {\"volume_uuid\": \"" + NOBODY + "\"}}"),
                404, "itemNotFound", NOBODY);
        assertRefused(cloud.http().send("DELETE", "/v3/attachments/" + NOBODY, ""), 404, "itemNotFound",
                "Volume attachment could not be found with filter: attachment_id = " + NOBODY + ".");
        assertRefused(
                cloud.http().put("/v3/attachments/" + stuck.attachment(), "{\"attachment\": {\"connector\": {}}}"),
                400, "badRequest", "connector");
    }
}
