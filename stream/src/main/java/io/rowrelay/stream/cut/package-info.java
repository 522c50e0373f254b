/**
 * The records of the cut topic, and what each record of a window carries in its headers. Knows no daemon; must not import java.sql,
 * org.apache.kafka or a JSON library ({@link io.rowrelay.stream.json.CutJson} prints and reads them).
 */
@NullMarked
package io.rowrelay.stream.cut;

import org.jspecify.annotations.NullMarked;
