package dev.reseat.rpc.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

final class VersionedObjectTest {
    private final JsonMapper json = WireMapper.create();

    @VersionedObject(project = VersionedObject.Project.CINDER, name = "Box", version = "1.9")
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Box(String id, Optional<String> displayName, List<Lid> lids) {}

    @VersionedObject(project = VersionedObject.Project.CINDER, name = "Lid", version = "1.3")
    record Lid(int size) {}

    record Args(Box box, Optional<Boolean> force) {}

    record Loose(Optional<String> displayName, Optional<Boolean> force) {}

    @Test
    void fieldsStandInsideTheWrapperOfTheProject() {
        assertThat(json.writeValueAsString(new Box("1", Optional.empty(), List.of(new Lid(2)))))
                .isEqualTo("{\"versioned_object.name\":\"Box\",\"versioned_object.namespace\":\"cinder\","
                        + "\"versioned_object.version\":\"1.9\",\"versioned_object.data\":{\"id\":\"1\","
                        + "\"display_name\":null,\"lids\":[{\"versioned_object.name\":\"Lid\","
                        + "\"versioned_object.namespace\":\"cinder\",\"versioned_object.version\":\"1.3\","
                        + "\"versioned_object.data\":{\"size\":2}}]}}");
    }

    @Test
    void whatIsWrittenIsRead() {
        var args = new Args(new Box("1", Optional.of("a"), List.of(new Lid(2), new Lid(3))), Optional.empty());

        assertThat(json.readValue(json.writeValueAsString(args), Args.class)).isEqualTo(args);
    }

    @Test
    void unknownFieldsAndChangesAreIgnoredAndMissingOnesAbsent() {
        Box box =
                json.readValue(wrapped("Box", "cinder", "1.9", "{\"id\": \"1\", \"new\": 1, \"lids\": []}"), Box.class);

        assertThat(box).isEqualTo(new Box("1", Optional.empty(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
            "Box, cinder, 1.10, IncompatibleObjectVersion",
            "Box, cinder, 2.0, IncompatibleObjectVersion",
            "Box, nova, 1.9, UnsupportedObjectError",
            "Crate, cinder, 1.9, UnsupportedObjectError",
            "Box, cinder, x, ValueError",
    })
    void otherObjectsAreRefusedAsUpstreamDoes(String name, String namespace, String version, String type) {
        Throwable thrown = catchThrowable(() -> json.readValue(wrapped(name, namespace, version, "{}"), Box.class));

        assertThat(rejection(thrown).failure().type()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({"1.8", "1.9", "1.9.1", "1.0"})
    void olderMinorsAndRevisionsAreAccepted(String version) {
        Box box = json.readValue(wrapped("Box", "cinder", version, "{\"id\": \"1\", \"lids\": []}"), Box.class);

        assertThat(box.id()).isEqualTo("1");
    }

    @Test
    void aPlainObjectIsNoVersionedObject() {
        Throwable thrown = catchThrowable(() -> json.readValue("{\"box\": {\"id\": \"1\"}}", Args.class));

        assertThat(rejection(thrown).failure().type()).isEqualTo("AttributeError");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'display_name': 5}", "{'display_name': true}", "{'display_name': 1.5}",
            "{'display_name': []}", "{'force': 'yes'}", "{'force': 'true'}", "{'force': 1}", "{'force': ''}"})
    void valuesOfAnotherTypeAreNotMadeToFit(String arguments) {
        Throwable thrown = catchThrowable(() -> json.readValue(arguments.replace('\'', '"'), Loose.class));

        assertThat(thrown).isInstanceOf(MismatchedInputException.class);
    }

    @Test
    void anEmptyTextIsAText() {
        assertThat(json.readValue("{\"display_name\": \"\"}", Loose.class).displayName()).contains("");
    }

    private static ObjectRejected rejection(Throwable thrown) {
        Throwable cause = thrown;
        while (cause != null && !(cause instanceof ObjectRejected)) {
            cause = cause.getCause();
        }
        assertThat(cause).as("in %s", thrown).isInstanceOf(ObjectRejected.class);
        return (ObjectRejected) cause;
    }

    private static String wrapped(String name, String namespace, String version, String data) {
        return """
                {"versioned_object.name": "%s", "versioned_object.namespace": "%s", "versioned_object.version": "%s",
                 "versioned_object.changes": ["id"], "versioned_object.data": %s}"""
                .formatted(name, namespace, version, data);
    }
}
