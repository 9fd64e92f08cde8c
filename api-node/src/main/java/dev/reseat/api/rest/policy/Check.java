package dev.reseat.api.rest.policy;

import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A condition of a rule, as {@code oslo_policy._checks} has them. */
sealed interface Check {
    /** Somebody who wants something. */
    record Request(Map<String, Object> who, Map<String, String> target) {
        public Request {
            target = Map.copyOf(target);
        }
    }

    /**
     * UNKNOWN if it rests on what is not known here.
     *
     * @param rules by name; all that are named exist, and none leads back to itself
     */
    Answer passes(Request request, Map<String, Check> rules);

    /** {@code http:URL}: a web server would say it, and is not asked. */
    record Elsewhere(String url) implements Check {
        @Override
        public Answer passes(Request request, Map<String, Check> rules) {
            return Answer.UNKNOWN;
        }
    }

    /** {@code @} and {@code !}. */
    record Always(boolean result) implements Check {
        @Override
        public Answer passes(Request request, Map<String, Check> rules) {
            return Answer.of(result);
        }
    }

    record Not(Check inner) implements Check {
        @Override
        public Answer passes(Request request, Map<String, Check> rules) {
            return inner.passes(request, rules).not();
        }
    }

    record And(List<Check> all) implements Check {
        @Override
        public Answer passes(Request request, Map<String, Check> rules) {
            return all.stream().map(check -> check.passes(request, rules)).reduce(Answer.YES, Answer::and);
        }
    }

    record Or(List<Check> any) implements Check {
        @Override
        public Answer passes(Request request, Map<String, Check> rules) {
            return any.stream().map(check -> check.passes(request, rules)).reduce(Answer.NO, Answer::or);
        }
    }

    /** {@code rule:NAME}. */
    record Rule(String name) implements Check {
        @Override
        public Answer passes(Request request, Map<String, Check> rules) {
            return rules.get(name).passes(request, rules);
        }
    }

    /** {@code role:NAME}, in any case. */
    record Role(String name) implements Check {
        @Override
        public Answer passes(Request request, Map<String, Check> rules) {
            return Answer.of(request.who().get("roles") instanceof List<?> roles
                    && Match.filled(name, request.target())
                            .filter(wanted -> roles.stream().anyMatch(role -> wanted.equalsIgnoreCase(role.toString())))
                            .isPresent());
        }
    }

    /** Anything else with a colon: who asks has that value, or is in that list; or it is the same constant. */
    record Match(String left, String right) implements Check {
        private static final Pattern NAME = Pattern.compile("%\\(([^)]+)\\)s");
        private static final Pattern CONSTANT = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([0-9]+|True|False|None)");

        @Override
        public Answer passes(Request request, Map<String, Check> rules) {
            return Answer.of(
                    filled(right, request.target()).filter(wanted -> has(request.who(), wanted)).isPresent());
        }

        private boolean has(Map<String, Object> who, String wanted) {
            Matcher constant = CONSTANT.matcher(left);
            if (constant.matches()) {
                return wanted.equals(Optional.ofNullable(constant.group(1))
                        .or(() -> Optional.ofNullable(constant.group(2)))
                        .orElseGet(constant::group));
            }
            return who.get(left) instanceof List<?> values
                    ? values.stream().anyMatch(value -> text(value).equals(wanted))
                    : who.containsKey(left) && text(who.get(left)).equals(wanted);
        }

        /** As Python writes it. */
        private static String text(Object value) {
            if (value == null) {
                return "None";
            }
            String text = value.toString();
            return value instanceof Boolean
                    ? text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1)
                    : text;
        }

        /** Empty if it names something that the target has not: then nothing matches. */
        private static Optional<String> filled(String text, Map<String, String> target) {
            Matcher names = NAME.matcher(text);
            StringBuilder filled = new StringBuilder();
            while (names.find()) {
                String value = target.get(names.group(1));
                if (value == null) {
                    return Optional.empty();
                }
                names.appendReplacement(filled, Matcher.quoteReplacement(value));
            }
            return Optional.of(names.appendTail(filled).toString());
        }
    }
}
