package dev.reseat.api.rest.policy;

import dev.reseat.contract.evidence.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules in force: those that ship, and instead of them those of a file that have the same names. All that a rule
 * names is there, and none leads back to itself.
 */
public final class PolicyRules {
    private static final System.Logger LOG = System.getLogger(PolicyRules.class.getName());
    private static final String DEFAULTS = "defaults.yaml";
    private static final String OURS = "reseat:";

    private final Map<String, Check> rules;

    private PolicyRules(Map<String, Check> rules) {
        this.rules = Map.copyOf(rules);
    }

    /** Those that ship. */
    public static PolicyRules defaults() {
        return new PolicyRules(checks(shipped()));
    }

    /**
     * Those that ship, overridden by those of a file. Rules of other services may be in it too, and are not used, also
     * where they rest on what only their service has by default. No web server is asked: what a check by one would say
     * is not known, and lets nobody in.
     *
     * @throws IllegalArgumentException naming file, line and rule, if one cannot be used
     */
    public static PolicyRules of(Path file) {
        try {
            return overridden(PolicyText.read(file.toString(), Files.readString(file)));
        } catch (IOException failure) {
            throw new IllegalArgumentException("cannot be read: " + failure, failure);
        }
    }

    static PolicyRules overridden(Map<String, PolicyText.Line> changes) {
        Map<String, PolicyText.Line> all = new LinkedHashMap<>(shipped());
        changes.forEach((name, line) -> {
            if (name.startsWith(OURS) && !all.containsKey(name)) {
                throw line.refused("there is no such rule of Reseat's");
            }
        });
        Set<String> ours = Set.copyOf(all.keySet());
        all.putAll(changes);
        Map<String, Check> checks = checks(all);
        boolean passedOver = true;
        while (passedOver) {
            passedOver = checks.keySet()
                    .removeIf(name -> !ours.contains(name) && !checks.keySet().containsAll(named(checks.get(name))));
        }
        all.keySet().retainAll(checks.keySet());
        all.forEach((name, line) -> follow(name, checks, all, new LinkedHashSet<>()));
        all.values()
                .stream()
                .filter(line -> ours.contains(line.name()) && asksElsewhere(checks.get(line.name())))
                .forEach(line -> LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}, line {1}: rule ''{2}'' has a check by a web server, which is not asked: it admits nobody"
                                + " by that",
                        line.file(), String.valueOf(line.number()), line.name()));
        return new PolicyRules(checks);
    }

    /** The names of the rules that ship. */
    public static Set<String> names() {
        return new TreeSet<>(shipped().keySet());
    }

    /**
     * Whether somebody may. Nobody whom only a web server could let in may.
     *
     * @param who what is known of him, under the keys of oslo.context
     * @param target what the thing is, such as {@code project_id}
     */
    public boolean allows(String rule, Map<String, Object> who, Map<String, String> target) {
        Check check = Optional.ofNullable(rules.get(rule))
                .orElseThrow(() -> new IllegalArgumentException("no policy has a rule " + rule));
        return check.passes(new Check.Request(who, target), rules) == Answer.YES;
    }

    private static Map<String, PolicyText.Line> shipped() {
        try (InputStream text = PolicyRules.class.getResourceAsStream(DEFAULTS)) {
            return PolicyText.read(DEFAULTS, new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Map<String, Check> checks(Map<String, PolicyText.Line> lines) {
        Map<String, Check> checks = new HashMap<>();
        lines.forEach((name, line) -> checks.put(name, line.check()));
        return checks;
    }

    private static void follow(
            String name, Map<String, Check> checks, Map<String, PolicyText.Line> lines, Set<String> path) {
        if (!path.add(name)) {
            throw lines.get(name).refused("it leads back to itself: " + String.join(" -> ", path) + " -> " + name);
        }
        for (String next : named(checks.get(name))) {
            if (!checks.containsKey(next)) {
                throw lines.get(name).refused("there is no rule '" + next + "'");
            }
            follow(next, checks, lines, path);
        }
        path.remove(name);
    }

    private static boolean asksElsewhere(Check check) {
        return switch (check) {
            case Check.Elsewhere _ -> true;
            case Check.Not not -> asksElsewhere(not.inner());
            case Check.And and -> and.all().stream().anyMatch(PolicyRules::asksElsewhere);
            case Check.Or or -> or.any().stream().anyMatch(PolicyRules::asksElsewhere);
            case Check.Always _,Check.Role _,Check.Match _,Check.Rule _ -> false;
        };
    }

    private static Set<String> named(Check check) {
        Set<String> names = new LinkedHashSet<>();
        switch (check) {
            case Check.Rule rule -> names.add(rule.name());
            case Check.Not not -> names.addAll(named(not.inner()));
            case Check.And and -> and.all().forEach(one -> names.addAll(named(one)));
            case Check.Or or -> or.any().forEach(one -> names.addAll(named(one)));
            case Check.Always _,Check.Role _,Check.Match _,Check.Elsewhere _ -> {
                // name no rule
            }
        }
        return names;
    }
}
