-- Every column of the table but the generated ones: ordinary, extreme, empty, and NULL values.
INSERT INTO "Order Line" VALUES
('k', 1, '2026-01-01 00:00+00', 'o''Brien', 'x', 1, 1, 1, 1.50, 1.5, 1.5, 1.5, 'vc', 'ch', 'c', '\x00ff', '00000000-0000-0000-0000-000000000001',
 true, '2026-02-28', '2026-02-28 12:13:14.123456', '2026-02-28 12:13:14.123456+05:30', '2026-02-28 12:13:14', '12:13:14.5', '12:13:14.5+05:30', '1 day',
 '{a,b}', '{1,2}', '{2026-01-01}', '{"\\x00"}', '{"a": 1}', '{"a": 1}', ARRAY['{"a": 1}'::jsonb], ARRAY['{"a": 1}'::json], 'so so', '{so so}',
 ROW(1, 'x'), ARRAY[ROW(1, 'x')::"Odd types"."Point, of view"], ROW(ROW(1, 'x'), '{a}', '{"a": 1}', '2026-01-01'),
 ARRAY[ROW(ROW(1, 'x'), '{a}', '{"a": 1}', '2026-01-01')::"Odd types".deep],
 '[1,5)', '[2026-01-01,2026-02-01)', '{[2026-01-01,2026-02-01),[2027-01-01,)}', '{"[1,2)","(,3]"}', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03',
 '08:00:2b:01:02:03:04:05', 'short', '{short}', '{1,2}', '{"{1,2}"}', B'101010101', B'1', 12.34, 'a fat cat', 'fat & rat', '(1,2)',
 '{1,2,3}', '[(1,2),(3,4)]', '((1,2),(3,4))', '{((1,2),(3,4));((5,6),(7,8))}', '[(1,2),(3,4)]', '((1,2),(3,4),(5,6))', '<(1,2),3>', 'a=>1, b=>NULL',
 ARRAY['a=>1'::hstore], 'big', 1, '16/B374D848', '10:20:10,14,15', '$.a[*] ? (@ > 1)', '<a>1</a>'),

(E'\x01\x02\t\n\r\x1f\x7f "quoted" \\ back''slash / {[,]}', -9223372036854775808, '-infinity', E'\u0001 astral \U0001F600\U00010FFFF \u2028\u2029\ufeff\ufffd\uffff e\u0301',
 E'line\nbreak\r\n"quote" \\" \\\\ \\u0041 \t\x08\x0c', -32768, -2147483648, -9223372036854775808, 'NaN', 'NaN', 'NaN', 'NaN', E'\U0001F600''"\\', E'a\\"', '\377',
 '\x', 'ffffffff-ffff-ffff-ffff-ffffffffffff', false, '-infinity', '-infinity', '-infinity', '-infinity', '00:00', '00:00+15:59:59', '-1 mons +3 days -04:05:06.789',
 ARRAY['', NULL, 'NULL', 'null', 'a"b', 'a\b', 'a,b', '{a}', E'\n', E'\U0001F600', ' '], ARRAY[NULL, -2147483648, 2147483647]::int[],
 '{infinity,-infinity,NULL,"0044-03-15 10:00:00 BC"}', ARRAY['\x'::bytea, NULL, '\x5c5c'], E'{"b" : 1,\n "a": [ 1 , 2.50 ], "a":"twice", "":null, "\\u00e9\\ud83d\\ude00":"\\u0001"}',
 '{"z": null, "a": [null, {"b": []}, 1e5, 1.10, "x\u0001\"\\"], "": {}}', ARRAY['null'::jsonb, NULL, '[]', '[1, [2, 3]]', '"text"', '12.50', 'true', '{"a": [1]}'],
 ARRAY['null'::json, NULL, ' [1 , 2] ', '{"a":1,"a":2}'], 'it''s "fine", {really}', ARRAY['so so', NULL, 'it''s "fine", {really}', 'ünder\way', 'null']::"Odd types"."Mood"[],
 ROW(NULL, NULL), ARRAY[NULL, ROW(NULL, NULL), ROW('NaN', E'a"b\\c(),\n')]::"Odd types"."Point, of view"[],
 ROW(ROW(NULL, ''), ARRAY['x', NULL], 'null', 'infinity'), ARRAY[NULL, ROW(NULL, '{}', NULL, '-infinity'), ROW(ROW(1, NULL), '[0:1]={a,b}', '[[1]]', NULL)]::"Odd types".deep[],
 'empty', '(-infinity,infinity)', '{}', '{empty}', '::1', '::/0', 'ff:ff:ff:ff:ff:ff', 'ff:ff:ff:ff:ff:ff:ff:ff', '', ARRAY['', NULL]::"Odd types"."Short text"[], '{}',
 '{"{}","{1,NULL}",NULL}', B'000000000', B'', '-92233720368547758.08', '', '', '(NaN,-Infinity)', '{0,-1,-0}', '[(0,0),(0,0)]',
 '((1e300,1e-300),(-1e300,-0))', '{}', '((1,2),(3,4))', '((0,0))', '<(0,0),Infinity>', '"a b"=>"q\"uo\\te", ""=>"", "NULL"=>"NULL"',
 ARRAY[NULL, ''::hstore, 'a=>NULL'], '', 4294967295, '0/0', '1:1:', '$', E'text &amp; <a b="c">\n</a><b/>'),

('null', 9223372036854775807, 'infinity', '', NULL, 32767, 2147483647, 9223372036854775807, 'Infinity', '99999999.9999', 'Infinity', 'Infinity', '', '       ', '',
 decode(repeat('00ff5c27', 5000), 'hex'), NULL, NULL, 'infinity', 'infinity', 'infinity', 'infinity', '24:00', '24:00-15:59:59', 'infinity',
 '{}', '{}', '{}', '{}', '[]', '[]', '{}', '{}', NULL, '{}', ROW(0, ''), '{}', ROW(NULL, NULL, NULL, NULL), '{}',
 '(,)', 'empty', '{(,)}', '{}', '0.0.0.0', '0.0.0.0/0', NULL, NULL, NULL, '{}', NULL, '{}', NULL, repeat('10', 5000)::varbit, '92233720368547758.07', E'''it''''s'':1A ''\\\\''', NULL,
 NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '{}', NULL, NULL, 'FFFFFFFF/FFFFFFFF', NULL, NULL, ''),

('', 0, '0044-03-15 10:00:00.000001+00 BC', 'null', '', 0, 0, 0, '-Infinity', '-0.0001', '-Infinity', '-Infinity', 'null', 'null', '"', '\x6e756c6c', NULL, NULL, '0044-03-15 BC',
 '4713-01-01 00:00:00 BC', '4713-01-01 00:00:00+00 BC', '0001-12-31 23:59:59 BC', '23:59:59.999999', '23:59:59.999999-00:00:01', '-infinity',
 '{{a,b},{NULL,"c d"}}', '{{{1,2}},{{3,NULL}}}', '{{2026-01-01,infinity}}', '{{"\\x01"}}', '"text"', '"text"', ARRAY[ARRAY['[1]'::jsonb, '[2]'], ARRAY['null'::jsonb, NULL]],
 ARRAY[ARRAY['[1]'::json], ARRAY['2'::json]], 'null', '{{so so},{null}}', ROW('1e3', 'null'), ARRAY[ARRAY[ROW(1, 'x')::"Odd types"."Point, of view"], ARRAY[NULL::"Odd types"."Point, of view"]],
 ROW(ROW(1, '{}'), '{{a}}', '[]', NULL), NULL, '[-2147483648,2147483647)', '["0044-03-15 00:00 BC",infinity]', '{(,0044-03-15 BC)}', '{{empty}}',
 '1.2.3.4/24', '2001:db8::/32', NULL, NULL, 'null', '{{a}}', '{{1,2},{3,4}}', NULL, NULL, NULL, 0, NULL, NULL, '(-0,5e-324)', NULL, NULL, NULL, '{((1,1),(0,0))}',
 NULL, NULL, NULL, 'null=>null', NULL, 'null', 0, NULL, NULL, NULL, NULL),

('[1, "x"]', 2, '12026-12-31 23:59:59.999999+00', NULL, NULL, NULL, NULL, NULL, '-0.000', '0', '-0', '-0', NULL, NULL, NULL, NULL, NULL, NULL, '5874897-12-31',
 '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999+00', '10000-01-01', NULL, NULL, '-178000000 years',
 '[0:1]={a,b}', '[-3:-2][5:6]={{1,2},{3,4}}', '[7:7]={NULL}', '[2:2]={NULL}', 'true', 'false', '[0:1]={1,2}', '[0:0]={"{}"}', NULL, '[3:3]={so so}', NULL, '[2:2]={NULL}', NULL, '[0:0]={NULL}',
 NULL, NULL, NULL, '[0:0]={empty}', NULL, NULL, NULL, NULL, NULL, '[0:0]={x}', '[0:1]={1,2}', '[0:0]={"[0:0]={5}"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[0:0]={((1,1),(0,0))}', NULL, NULL, NULL,
 NULL, '[0:0]={NULL}', NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO "Order Line" ("key", "select", "a b", num, f4, f8, iv, jb, js, texts) VALUES
('all NULL', 3, 'epoch', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
('numbers 1', 10, 'epoch', (repeat('9', 600) || '.' || repeat('7', 400))::numeric, 1.4e-45, 5e-324, '1 mon -1 day +00:00:00.000001', '1e1000', '1E+2', ARRAY[repeat('x', 100000)]),
('numbers 2', 10, 'epoch', ('-0.' || repeat('0', 999) || '1')::numeric, 3.4028235e38, 1.7976931348623157e308, '-1 year -2 mons +3 days', '-0', '-0', NULL),
('numbers 3', 10, 'epoch', 10.0 ^ 1000, 1.17549435e-38, 2.2250738585072014e-308, '178000000 years 11 mons 30 days 23:59:59.999999', '0.10', '0.10', NULL),
('numbers 4', 10, 'epoch', 1.000000000000000000000, 0.1, 0.1, '00:00:00', '12345678901234567890.12345', '1.0', NULL),
('numbers 5', 10, 'epoch', 100000000000000000000, 16777217, 9007199254740993, '-00:00:00.000001', 'true', '"null"', NULL);

INSERT INTO "Order Line" ("key", "select", "a b", big, by) VALUES
('five megabytes', 20, 'epoch', (SELECT string_agg(md5(n::text) || E'"\\\n\U0001F600', '') FROM generate_series(1, 131072) n), NULL);
