package dev.reseat.api.rest.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PythonLiteralTest {
    @Test
    void listsAndDictsOfTextsAreRead() {
        assertThat(PythonLiteral.list("['error', \"in-use\"]")).contains(List.of("error", "in-use"));
        assertThat(PythonLiteral.list("[]")).contains(List.of());
        assertThat(PythonLiteral.dict("{u'k': 'v', 'a': \"b\"}")).contains(Map.of("k", "v", "a", "b"));
    }

    @Test
    void anythingElseIsNone() {
        assertThat(PythonLiteral.list("error")).isEmpty();
        assertThat(PythonLiteral.list("['a' 'b']")).isEmpty();
        assertThat(PythonLiteral.list("['a', 1]")).isEmpty();
        assertThat(PythonLiteral.dict("['a']")).isEmpty();
        assertThat(PythonLiteral.dict("{'a': __import__('os')}")).isEmpty();
    }
}
