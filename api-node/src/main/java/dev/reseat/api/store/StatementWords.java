package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * Puts in what stands in angle brackets in a statement: the names of lists that were bound to it, and the words of the
 * {@link Dialect}. A {@code <} that no word and {@code >} follow is itself.
 */
final class StatementWords implements TemplateEngine {
    private static final Pattern WORD = Pattern.compile("<([a-zA-Z_]+)>");

    private final Dialect dialect;

    StatementWords(Dialect dialect) {
        this.dialect = requireNonNull(dialect, "dialect is null");
    }

    @Override
    public String render(String statement, StatementContext context) {
        return WORD.matcher(statement).replaceAll(word -> Matcher.quoteReplacement(value(word.group(1), context)));
    }

    private String value(String name, StatementContext context) {
        Object list = context.getAttribute(name);
        return list == null
                ? dialect.word(name)
                        .orElseThrow(() -> new IllegalArgumentException("no such word or list: <" + name + ">"))
                : list.toString();
    }
}
