package dev.reseat.api.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.Query;

/** The WHERE clause of a list, grown condition by condition together with its values. Values are always bound. */
public final class Selection {
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** A condition in which {@code ?} stands for the array of these texts. */
    public Selection and(String condition, List<String> texts) {
        String name = "texts" + values.size();
        values.put(name, List.copyOf(texts));
        return and(condition.replace("?", ":" + name));
    }

    /** A condition without values, or with ones bound elsewhere. */
    public Selection and(String condition) {
        conditions.add(condition);
        return this;
    }

    /** All conditions together; there must be one at least. */
    public String where() {
        return " WHERE " + String.join(" AND ", conditions);
    }

    /** Makes the query with the values bound. */
    public Query query(Transaction tx, String sql) {
        Query query = tx.handle().createQuery(sql);
        values.forEach((name, texts) -> query.bindArray(name, String.class, texts));
        return query;
    }
}
