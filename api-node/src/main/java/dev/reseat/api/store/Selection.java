package dev.reseat.api.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.Query;

/** The WHERE clause of a list, grown condition by condition together with its values. Values are always bound. */
public final class Selection {
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, List<String>> lists = new LinkedHashMap<>();

    /** A condition in which each {@code ?} stands for the next of these texts. */
    public Selection and(String condition, String... texts) {
        String named = condition;
        for (String text : texts) {
            String name = "text" + values.size() + "_";
            values.put(name, text);
            named = named.replaceFirst("\\?", ":" + name);
        }
        conditions.add(named);
        return this;
    }

    /** The column has one of these values, of which there may be none. */
    public Selection andIn(String column, Collection<String> texts) {
        String name = "texts_" + (char) ('a' + lists.size());
        lists.put(name, List.copyOf(texts));
        conditions.add(column + " IN (<" + name + ">)");
        return this;
    }

    /** All conditions together; there must be one at least. */
    public String where() {
        return " WHERE " + String.join(" AND ", conditions);
    }

    /** Makes the query with the values bound. */
    public Query query(Transaction tx, String sql) {
        Query query = tx.handle().createQuery(sql);
        values.forEach(query::bind);
        lists.forEach((name, texts) -> query.bindList(EmptyHandling.NULL_KEYWORD, name, texts));
        return query;
    }
}
