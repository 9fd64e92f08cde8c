package dev.reseat.api.rest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language as oslo.policy has it, and the rules that ship. */
final class PolicyRulesTest {
    private static final Map<String, Object> MEMBER = Map.of(
            "roles", List.of("member", "reader"), "project_id", "p1", "user_id", "u1", "is_admin", false,
            "is_admin_project", true, "service_roles", List.of("service"));
    private static final Map<String, String> OWN = Map.of("project_id", "p1", "user_id", "u1");

    @TempDir private Path directory;

    private PolicyRules file(String text) throws IOException {
        return PolicyRules.of(Files.writeString(directory.resolve("policy.yaml"), text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "role:member                                        | true",
            "role:MEMBER                                        | true",
            "role:admin                                         | false",
            "@                                                  | true",
            "!                                                  | false",
            "``                                                 | true",
            "not role:admin                                     | true",
            "not not role:admin                                 | false",
            "role:admin or role:member and project_id:p2        | false",
            "role:member or role:admin and project_id:p2        | true",
            "(role:member or role:admin) and project_id:p2      | false",
            "NOT role:admin AND project_id:%(project_id)s       | true",
            "(role:reader and project_id:%(project_id)s)        | true",
            "((role:reader) and (project_id:%(nothing)s))       | false",
            "is_admin:False                                     | true",
            "is_admin:True                                      | false",
            "service_roles:service                              | true",
            "nothing:None                                       | false",
            "'p1':%(project_id)s                                | true",
            "rule:admin_or_owner                                | true",
            "rule:admin_api                                     | false",
            "http://policy.example.org/%(user_id)s              | false",
            "not http://policy.example.org                      | false",
            "http://policy.example.org or role:member           | true",
            "https://policy.example.org and role:member         | false"
    })
    void aRuleSaysWhatItSaysUpstream(String rule, boolean passes) throws IOException {
        PolicyRules rules = file("\"some:rule\": \"" + (rule == null ? "" : rule) + "\"\n");

        assertThat(rules.allows("some:rule", MEMBER, OWN)).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "# a comment;volume:get: role:a and          | line 2: rule 'volume:get': it ends where",
            "volume:get: (role:a                         | line 1: rule 'volume:get': ')' is missing",
            "volume:get: role:a role:b                   | line 1: rule 'volume:get': 'role:b' was not expected",
            "volume:get: admin                           | line 1: rule 'volume:get': 'admin' is no check",
            "volume:get: rule:nothing                    | line 1: rule 'volume:get': there is no rule 'nothing'",
            "a: rule:b;b: rule:a                         | line 1: rule 'a': it leads back to itself: a -> b -> a",
            "reseat:nonsense: role:a                     | line 1: rule 'reseat:nonsense': there is no such rule",
            "volume:get: [[role:a]]                      | line 1: rule 'volume:get': it must be a text",
            "volume:get:                                 | line 1: rule 'volume:get': it must be a text",
            "volume:get: role:a;volume:get: role:b       | line 2: rule 'volume:get': it is there twice",
            "just words                                  | line 1: it is no mapping",
            "\"volume:get: role:a                        | line 1"
    })
    void aFileThatCannotBeUsedIsRefusedWithItsLine(String lines, String why) {
        assertThatThrownBy(() -> file(lines.replace(';', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("policy.yaml")
                .hasMessageContaining(why);
    }

    @Test
    void rulesOfOtherServicesMayBeInTheFileAndTheOthersStay() throws IOException {
        PolicyRules rules = file("""
                volume:create: role:x
                volume:delete: rule:volume:force_delete
                volume:force_delete: rule:system_or_domain_or_project_admin
                volume:extend: http://policy.example.org/extend
                reseat:volumes:repair: role:boss or http://policy.example.org/repair
                reseat:diagnoses:create: role:member
                """);

        assertThat(rules.allows("reseat:diagnoses:create", MEMBER, OWN)).isTrue();
        assertThat(rules.allows("reseat:volumes:repair", MEMBER, OWN)).isFalse();
    }

    @Test
    void aFileOfCommentsChangesNothing() throws IOException {
        assertThat(file("# nothing\n").allows("volume:attachment_create", MEMBER, OWN)).isTrue();
    }

    @Test
    void everyRuleThatIsAskedForShips() throws IOException {
        Pattern asked = Pattern.compile("authorize\\(\"([^\"]+)\"\\)");
        Set<String> names = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java/dev/reseat/api/rest"))) {
            for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                asked.matcher(Files.readString(source)).results().forEach(match -> names.add(match.group(1)));
            }
        }
        assertThat(names).hasSizeGreaterThan(12);
        assertThat(PolicyRules.names()).containsAll(names);
    }
}
