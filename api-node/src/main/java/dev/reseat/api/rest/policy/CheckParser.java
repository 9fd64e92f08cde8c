package dev.reseat.api.rest.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one rule: {@code not} binds closest, then {@code and}, then {@code or}. */
final class CheckParser {
    private final Deque<String> words;

    private CheckParser(Deque<String> words) {
        this.words = words;
    }

    /** @throws IllegalArgumentException if it is none, saying why */
    static Check parse(String rule) {
        CheckParser parser = new CheckParser(words(rule));
        if (parser.words.isEmpty()) {
            return new Check.Always(true); // everybody, as upstream has it
        }
        Check check = parser.or();
        if (!parser.words.isEmpty()) {
            throw new IllegalArgumentException("'" + parser.words.peek() + "' was not expected there");
        }
        return check;
    }

    private static Deque<String> words(String rule) {
        Deque<String> words = new ArrayDeque<>();
        for (String word : rule.strip().split("\\s+", -1)) {
            String rest = word;
            while (rest.startsWith("(")) {
                words.add("(");
                rest = rest.substring(1);
            }
            String inner = rest;
            int opened = inner.length() - inner.replace("(", "").length();
            int ends = 0;
            // the parentheses of %(name)s are part of the word
            while (inner.endsWith(")") && closed(inner) > opened) {
                inner = inner.substring(0, inner.length() - 1);
                ends++;
            }
            if (!inner.isEmpty()) {
                words.add(inner);
            }
            for (int i = 0; i < ends; i++) {
                words.add(")");
            }
        }
        return words;
    }

    private static int closed(String text) {
        return text.length() - text.replace(")", "").length();
    }

    private Check or() {
        List<Check> any = new ArrayList<>(List.of(and()));
        while (accepts("or")) {
            any.add(and());
        }
        return any.size() == 1 ? any.getFirst() : new Check.Or(List.copyOf(any));
    }

    private Check and() {
        List<Check> all = new ArrayList<>(List.of(not()));
        while (accepts("and")) {
            all.add(not());
        }
        return all.size() == 1 ? all.getFirst() : new Check.And(List.copyOf(all));
    }

    private Check not() {
        if (accepts("not")) {
            return new Check.Not(not());
        }
        if (accepts("(")) {
            Check inner = or();
            if (!accepts(")")) {
                throw new IllegalArgumentException("')' is missing");
            }
            return inner;
        }
        return single(Optional.ofNullable(words.poll())
                .orElseThrow(() -> new IllegalArgumentException("it ends where a check is expected")));
    }

    private boolean accepts(String word) {
        boolean next = words.peek() != null && words.peek().toLowerCase(Locale.ROOT).equals(word);
        if (next) {
            words.poll();
        }
        return next;
    }

    private static Check single(String word) {
        int colon = word.indexOf(':');
        if (word.equals("@") || word.equals("!")) {
            return new Check.Always(word.equals("@"));
        }
        if (colon < 1 || colon == word.length() - 1) {
            throw new IllegalArgumentException("'" + word + "' is no check: KIND:VALUE, @ or ! is");
        }
        String kind = word.substring(0, colon);
        String value = word.substring(colon + 1);
        return switch (kind) {
            case "rule" -> new Check.Rule(value);
            case "role" -> new Check.Role(value);
            case "http", "https" -> new Check.Elsewhere(word);
            default -> new Check.Match(kind, value);
        };
    }
}
