package dev.reseat.api.store.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates as nova-manage documents them. */
final class CellTemplateTest {
    private static String filled(String template, String url) {
        return CellTemplate.of(Optional.of(url)).fill(template);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{scheme}://{username}:{password}@{hostname}:{port}/{path}?{query}"
                    + "|mysql+pymysql://nova:s%40crt@db:3306/nova?charset=utf8"
                    + "|mysql+pymysql://nova:s%40crt@db:3306/nova?charset=utf8",
            "{scheme}://{username}:{password}@{hostname}/nova_cell0|mysql+pymysql://nova:x@db/nova"
                    + "|mysql+pymysql://nova:x@db/nova_cell0",
            "rabbit://{username}:{password}@{hostname}:{port}//cell2|rabbit://nova:x@mq:5671//"
                    + "|rabbit://nova:x@mq:5671//cell2",
            "rabbit://{username1}:{password1}@{hostname1}:{port1},{username2}:{password2}@{hostname2}:{port2}/{path}"
                    + "|rabbit://a:b@one:1,c:d@two:2/vhost|rabbit://a:b@one:1,c:d@two:2/vhost",
            "rabbit://{username}@[{hostname}]/|rabbit://a@[::1]:5672/|rabbit://a@[::1]/",
            "rabbit://plain:x@mq/|rabbit://other/|rabbit://plain:x@mq/"
    })
    void partsOfTheUrlTakeThePlacesOfTheirNames(String template, String url, String expected) {
        assertThat(filled(template, url)).isEqualTo(expected);
    }

    @Test
    void aNameThatStandsForNothingIsSaidWithoutASecret() {
        assertThatThrownBy(() -> filled("rabbit://u:secret@{hostname}:{port}/", "rabbit://mq/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{port}")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> CellTemplate.of(Optional.empty()).fill("{scheme}://"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
