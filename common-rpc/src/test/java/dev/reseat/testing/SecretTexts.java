package dev.reseat.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Texts with a secret in them, in the shapes in which storage, its tools, Python, Java, shells and XML write them. */
public final class SecretTexts {
    /** What must not be seen of them. */
    public static final String SECRET = "S3CR3T";

    private static final List<String> PLAIN = List.of(
            "{\"data\": {\"auth_password\": \"%s+/x=\"}}", "{u'auth_password': u'%s'}", "{'auth_password': b'%s'}",
            "{'auth_password': 'it\\'s %s'}", "{'auth_password': \"it's %s\"}", "{\"auth_password\": \"a\\\\\\\"%s\"}",
            "{\"options\": \"-o username=a,password=%s,rw\"}", "[iscsi]\nauth_password = %s\nauth_method = CHAP",
            "auth_password=\"%1$s with blanks %1$s\"", "auth_password='it''s %s'", "auth_password='a'\\''%s'",
            "auth_password=$'%s\\n'", "<secret>%s</secret>", "<secret ephemeral='no'><value>%s</value></secret>",
            "<secret format=\"raw\">%s</secret>", "<secret>\n  %s\n</secret>", "<ns:password>%s</ns:password>",
            "<auth><secret type='iscsi' value='%s'/></auth>", "<password value=\"%s\"/>",
            "<property name='password' value='%s'/>", "<entry key=\"auth_password\">%s</entry>",
            "<name>auth_password</name><value>%s</value>", "rbd:pool/img:id=c:key=%s:mon_host=h",
            "rbd://client:%s@pool/img", "-drive file=rbd:p/i:id=a:key=%s:auth_supported=cephx,format=raw",
            "iscsiadm -m node --op update -n node.session.auth.password -v %s",
            "iscsiadm -m node --op=update --name=node.session.auth.password --value=%s",
            "['iscsiadm', '-n', 'node.session.auth.password', '-v', '%s']",
            "iscsiadm '-n' 'node.session.auth.password' '-v' '%s'",
            "Stdout: 'a\\nnode.session.auth.password = %s\\n'", "[client.cinder]\n\tkey = %s\n",
            "exported keyring\\n[client.x]\\n\\tkey = %s==\\n", "{\"entity\":\"client.x\",\"key\":\"%s==\"}",
            "ceph-authtool --add-key %s", "mount -t ceph h:/ /m -o name=a,secret=%s",
            "virsh secret-set-value 457eb676-33da-42ec-9a8c-9293d545c337 %s",
            "virsh secret-set-value --secret 457eb676-33da-42ec-9a8c-9293d545c337 --base64 '%s'",
            "https://h/?auth_password=%s%%2F&x=1", "mysql+pymysql://cinder:%s@h/c", "rabbit://u:%1$s@h1,u:%1$s@h2/v",
            "X-Auth-Token: %s", "{X-Auth-Token=[%s], A=[b]}", "-H 'Authorization: Basic %s'",
            "curl -u user:%s http://h",
            "curl --user user:%s http://h", "smbclient -U a%%%s //h/x", "mysql -u root -p'%s' x", "sshpass -p %s ssh h",
            "OS_PASSWORD='%s'", "openstack --os-password %s volume list", "{'provider_auth': 'CHAP u %s'}",
            "provider_auth\tCHAP u %s", "CHAP u %s", "cinder-rtstool create /dev/x iqn u %s iqn2",
            "targetcli /iscsi/x set auth userid=u mutual_password=%s", "incominguser \"u\" \"%s\"",
            "nvme connect --dhchap-secret=DHHC-1:00:%1$s%1$s:", "auth_password->%s", ":auth_password => \"%s\"",
            "| auth_password | %s |", "auth_password    %s", "auth_password={%s}", "auth_password=Optional[%s]",
            "{\"auth_password\": [\"a\", \"%s\"]}", "password: |\n  %s", "password:\n  %s", "password: >\n  %s\nx: 1",
            "{'auth_password'\n:\n'%s'}", "[('auth_password', '%s')]", "[[\"auth_password\", \"%s\"]]",
            "{\"name\": \"auth_password\", \"value\": \"%s\"}", "name=auth_password, value=%s", "authPassword=%s",
            "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----", "{\"auth_password\": \"%s");
    private static final List<String> NESTED = List.of(
            "{\"auth_password\": \"%s\", \"a\": 1}", "{'auth_password': '%s', 'a': 1}",
            "iscsiadm -n node.session.auth.password -v %s", "rbd:p/i:id=a:key=%s:mon_host=h", "<secret>%s</secret>",
            "https://u:%s@h/", "-o user=a,password=%s,rw", "{\"entity\":\"client.x\",\"key\":\"%s\"}");

    private SecretTexts() {}

    /** Each once as it is, and some inside JSON, Python's texts, URLs, HTML and what was cut off. */
    public static List<String> all() {
        List<String> all = new ArrayList<>();
        PLAIN.forEach(text -> all.add(text.formatted(SECRET)));
        for (String text : NESTED) {
            String plain = text.formatted(SECRET);
            String json = "{\"message\": \"" + escaped(plain, '"') + "\"}";
            all.add(json);
            all.add("failed: {\"outer\": \"" + escaped(json, '"') + "\"} at line 7");
            all.add("cut off: " + json.substring(0, json.length() - 3));
            all.add("Exception('" + escaped(plain, '\'') + "',)");
            all.add(plain.replace("\"", "&quot;").replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;"));
            if (!plain.startsWith("iscsiadm")) { // whose words are told apart by blanks only, and those are gone then
                String encoded = URLEncoder.encode(plain, StandardCharsets.UTF_8);
                all.add("q=" + encoded);
                all.add("q=" + URLEncoder.encode(encoded, StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    private static String escaped(String text, char quote) {
        return text.replace("\\", "\\\\").replace(String.valueOf(quote), "\\" + quote);
    }
}
