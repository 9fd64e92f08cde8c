package dev.reseat.api.rest.cinder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.NoAuthCase;
import dev.reseat.api.rest.RestFixture;
import dev.reseat.contract.volume.ResetStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("database")
class VolumeActionsIT extends NoAuthCase {
    private String volume;

    @BeforeEach
    void breakAVolume() {
        volume = cloud.volume("error");
    }

    @Test
    void aResetIsAcceptedWithoutABody() {
        Answer answer = act("{\"os-reset_status\": {\"status\": \"AVAILABLE\"}}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        assertThat(status()).isEqualTo("available");
    }

    @Test
    void whatTheDriverRefusesIsSaidAndChangesNothing() {
        node.reset =
                _ -> new ResetStatus.Result(ResetStatus.Outcome.REFUSED, "scripted", "host-a still has it open",
                        List.of());

        Answer answer = act("{\"os-reset_status\": {\"status\": \"available\"}}");

        node.reset = RestFixture.PROVED;
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.message("conflictingRequest")).contains("host-a still has it open");
        assertThat(status()).isEqualTo("error");
    }

    @Test
    void nullsOfOldClientsMeanNothing() {
        assertThat(act("{\"os-reset_status\": {\"status\": \"error\", \"attach_status\": null, "
                + "\"migration_status\": null}}")
                .status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{} | Malformed request body",
            "{\"a\": 1, \"b\": 2} | Malformed request body",
            "[] | Malformed request body",
            "{\"os-foo\": null} | There is no such action: os-foo. Verify the request body and Content-Type header "
                    + "and try again.",
            "{\"os-reset_status\": {}} | Must specify 'status', 'attach_status' or 'migration_status' for update.",
            "{\"os-reset_status\": {\"status\": \"\"}} | Must specify 'status', 'attach_status' or 'migration_status' "
                    + "for update.",
            "{\"os-reset_status\": null} | Invalid input for field/attribute os-reset_status. Value: None. None is "
                    + "not of type 'object'",
            "{\"os-reset_status\": {\"status\": 1}} | Invalid input for field/attribute status. Value: 1. 1 is not of "
                    + "type 'string', 'null'",
            "{\"os-reset_status\": {\"status\": {\"a\": [true]}}} | Invalid input for field/attribute status. Value: "
                    + "{'a': [True]}. {'a': [True]} is not of type 'string', 'null'",
            "{\"os-reset_status\": {\"status\": \"error\", \"x\": 1}} | Invalid input for field/attribute "
                    + "os-reset_status. Value: {'status': 'error', 'x': 1}. Additional properties are not allowed "
                    + "('x' was unexpected)",
            "{\"os-reset_status\": {\"attach_status\": \"both\"}} | Volume attach status: both is invalid, valid "
                    + "statuses are: ['attached', 'detached'].",
            "{\"os-reset_status\": {\"migration_status\": \"x\"}} | Volume migration status: x is invalid, valid "
                    + "statuses are: ('migrating', 'error', 'success', 'completing', 'none', 'starting').",
            "{\"os-reset_status\": {\"status\": \"error\", \"force\": true}} | force needs a reason, which is recorded",
            "{\"os-reset_status\": {\"status\": \"error\", \"force\": [\"x\"], \"reason\": \"r\"}} | Force: x is "
                    + "invalid, valid grades are: ['ignore-driver-error', 'skip-driver', 'accept-unknown'].",
            "{\"os-terminate_connection\": {}} | Invalid input for field/attribute os-terminate_connection. Value: "
                    + "{}. 'connector' is a required property",
    })
    void bodiesAreRefusedInCindersWords(String body, String message) {
        assertThat(act(body).message("badRequest")).isEqualTo(message);
        assertThat(status()).isEqualTo("error");
    }

    @Test
    void anUnknownStatusListsThoseThereAre() {
        assertThat(act("{\"os-reset_status\": {\"status\": \"bogus\"}}").message("badRequest"))
                .startsWith(
                        "Volume status: bogus is invalid, valid statuses are: ('creating', 'available', 'deleting',")
                .endsWith("'retyping', 'extending').");
    }

    @Test
    void aNumberOfAnySizeIsNoState() {
        for (String number : new String[]{"0", "7", "1e999", "9".repeat(400)}) {
            assertThat(act("{\"os-reset_status\": {\"status\": " + number + "}}").status()).as(number).isEqualTo(400);
        }
    }

    @Test
    void theBodyIsLookedAtBeforeTheVolume() {
        assertThat(http.post("/v3/volumes/nope/action", "{\"os-reset_status\": {}}").status()).isEqualTo(400);
        assertThat(http.post("/v3/volumes/nope/action", "{\"os-reset_status\": {\"status\": \"error\"}}")
                .message("itemNotFound"))
                .isEqualTo("Volume nope could not be found.");
    }

    @Test
    void aPostWithoutBodyOrTypeNamesNoAction() {
        String none = "There is no such action: None. Verify the request body and Content-Type header and try again.";

        assertThat(http.post("/v3/volumes/" + volume + "/action", "").message("badRequest")).isEqualTo(none);
    }

    @Test
    void whatCinderDoesAndWeDoNotIsSaid() {
        Answer answer = act("{\"os-extend\": {\"new_size\": 2}}");

        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.message("notImplemented")).contains("os-extend");
    }

    @Test
    void agentsEndConnectionsAndRollBackDetaches() {
        String detaching = cloud.volume(Map.of("status", "detaching", "attach_status", "attached"));
        cloud.attachment(detaching, "attached");

        Answer ended = http.post(
                "/v3/volumes/" + detaching + "/action",
                "{\"os-terminate_connection\": {\"connector\": {\"host\": \"host-a\"}}}");
        Answer rolled = http.post("/v3/volumes/" + detaching + "/action", "{\"os-roll_detaching\": null}");

        assertThat(ended.status()).isEqualTo(202);
        assertThat(rolled.status()).isEqualTo(202);
        assertThat(cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", detaching))
                .containsEntry("status", "in-use");
    }

    @ParameterizedTest
    @CsvSource({
            "available, os-reserve, 202, attaching", "attaching, os-reserve, 400, attaching",
            "attaching, os-unreserve, 202, available", "error, os-unreserve, 202, error",
            "in-use, os-begin_detaching, 202, detaching", "available, os-begin_detaching, 400, available",
            "detaching, os-roll_detaching, 202, in-use", "available, os-roll_detaching, 202, available"})
    void statesOfAnAttachThatIsUnderWayAreSetAsInCinder(String before, String action, int status, String after) {
        volume = cloud.volume(Map.of(
                "status", before, "attach_status", before.equals("in-use") ? "attached" : "detached"));

        assertThat(act("{\"" + action + "\": {}}").status()).isEqualTo(status);
        assertThat(status()).isEqualTo(after);
    }

    private Answer act(String body) {
        return http.post("/v3/volumes/" + volume + "/action", body, "OpenStack-API-Version", "volume 3.70");
    }

    private Object status() {
        return cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", volume).get("status");
    }
}
