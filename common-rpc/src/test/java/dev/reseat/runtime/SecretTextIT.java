package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same texts, masked by us and by the real oslo.utils: what it hides, we hide. */
final class SecretTextIT {
    private static final CommandRunner COMMANDS = new SystemCommandRunner(List.of());
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String PYTHON = "/usr/bin/python3";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SECRET = "S3cr3tWord";
    /** For every key that oslo.utils knows: each of its patterns, in the ways they are met. */
    private static final String SHAPES = """
            %1$s=S3cr3tWord|%1$s = S3cr3tWord rest|x.%1$s2=S3cr3tWord|%1$s='S3cr3tWord x'|%1$s = "S3cr3tWord x"
            %1$s 'S3cr3tWord'|%1$s  "S3cr3tWord"|cmd --%1$s S3cr3tWord|<%1$s>S3cr3tWord</%1$s>|'%1$s': 'S3cr3tWord'
            "%1$s" : "S3cr3tWord"|{'a_%1$s': u'S3cr3tWord', 'b': 1}|{"my %1$s": "S3cr3tWord"}
            ['%1$s', '-v', 'S3cr3tWord']|['x.%1$s', '--value', u'S3cr3tWord']|%1$s -v S3cr3tWord
            %1$s --value S3cr3tWord|-n a.%1$s -v S3cr3tWord -p h|%1$s="S3cr3tWord 'x' y"|%1$s='S3cr3tWord "x" y'
            '%1$s': u'S3cr3tWord'|%1$s=
            S3cr3tWord|Error(%1$s=S3cr3tWord)|%1$s=^S3cr3tWord|%1$s=a,S3cr3tWord|%1$s=a;S3cr3tWord|%1$s=a&S3cr3tWord
            %1$s=(S3cr3tWord)|%1$s={S3cr3tWord|%1$s=a}S3cr3tWord|%1$s=a<S3cr3tWord|%1$s==S3cr3tWord|%1$s=a\\S3cr3tWord
            %1$s : S3cr3tWord|%1$s=a:S3cr3tWord""";
    private static final String ASK = """
            import json, sys
            from oslo_utils import strutils
            texts = json.load(sys.stdin)
            keys = [key for key in strutils._SANITIZE_KEYS if key != 'secret_uuid']
            texts += [shape.replace('%1$s', key) for key in keys for shape in sys.argv[1].split('|')]
            json.dump([[text, strutils.mask_password(text)] for text in texts], sys.stdout)
            """;

    @Test
    void whatTheRealOsloHidesIsHidden() throws Exception {
        List<String> shownByUs = new ArrayList<>();
        int hidden = 0;
        List<JsonNode> corpus = SecretTextTest.corpus();
        List<JsonNode> masked = oslo(corpus.stream().map(line -> line.path("text").asString()).toList());
        for (int i = 0; i < masked.size(); i++) {
            String text = masked.get(i).path(0).asString();
            String oslo = masked.get(i).path(1).asString();
            String ours = SecretText.masked(text);
            List<String> secrets = i < corpus.size()
                    ? SecretTextTest.words(corpus.get(i).path("hidden"))
                    : List.of(SECRET);
            for (String secret : secrets) {
                hidden += oslo.contains(secret) ? 0 : 1;
                if (!oslo.contains(secret) && ours.contains(secret)) {
                    shownByUs.add(text + " -> " + ours);
                }
            }
        }
        assertThat(shownByUs).isEmpty();
        assertThat(hidden).as("texts with something that oslo.utils hides").isGreaterThan(500);
    }

    private static List<JsonNode> oslo(List<String> texts) {
        String shapes = SHAPES.replace("|%1$s=\n", "|%1$s=\u0000").replaceAll("\n(?!S3)", "|").replace('\u0000', '\n');
        try {
            CommandResult answer = COMMANDS.run(
                    Command.of(LIMIT, PYTHON, "-c", ASK, shapes).withInput(JSON.writeValueAsString(texts)));
            return JSON.readTree(answer.output()).valueStream().toList();
        } catch (CommandFailed missing) {
            String sentence = "oslo.utils is missing: install python3-oslo.utils";
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence, missing);
            }
            return abort(sentence);
        }
    }
}
