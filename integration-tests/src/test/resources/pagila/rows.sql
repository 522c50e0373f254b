-- Rows for pagila, made up.
INSERT INTO public.language (name) SELECT 'l' || n FROM generate_series(1, 6) n;
INSERT INTO public.category (name) SELECT 'c' || n FROM generate_series(1, 16) n;
INSERT INTO public.actor (first_name, last_name) SELECT 'a' || n, 'b' || n FROM generate_series(1, 200) n;
INSERT INTO public.country (country) SELECT 'c' || n FROM generate_series(1, 100) n;
INSERT INTO public.city (city, country_id) SELECT 'c' || n, 1 + n % 100 FROM generate_series(1, 600) n;
INSERT INTO public.address (address, district, city_id, phone) SELECT 'a' || n, 'd' || n, 1 + n % 600, n::text FROM generate_series(1, 600) n;
INSERT INTO public.film (title, description, release_year, language_id, rating, special_features)
    SELECT 'Film ' || n, 'About ' || n, 1990 + n % 30, 1 + n % 6, (enum_range(NULL::public.mpaa_rating))[1 + n % 5], ARRAY['a', n::text]
    FROM generate_series(1, 1000) n;
INSERT INTO public.film_actor (actor_id, film_id) SELECT 1 + n % 200, 1 + (n / 200) * 7 + n % 7 FROM generate_series(0, 5000) n ON CONFLICT DO NOTHING;
INSERT INTO public.film_category (film_id, category_id) SELECT n, 1 + n % 16 FROM generate_series(1, 1000) n;
INSERT INTO public.store (manager_staff_id, address_id) SELECT n, n FROM generate_series(1, 2) n;
INSERT INTO public.staff (first_name, last_name, address_id, store_id, username, picture)
    SELECT 's' || n, 't' || n, n, n, 'u' || n, '\xdeadbeef' FROM generate_series(1, 2) n;
INSERT INTO public.customer (store_id, first_name, last_name, address_id) SELECT 1 + n % 2, 'f' || n, 'l' || n, 1 + n % 600 FROM generate_series(1, 600) n;
INSERT INTO public.inventory (film_id, store_id) SELECT 1 + n % 1000, 1 + n % 2 FROM generate_series(1, 4000) n;
INSERT INTO public.rental (rental_date, inventory_id, customer_id, staff_id)
    SELECT timestamptz '2022-01-02' + n * interval '2 hours', n, 1 + n % 600, 1 + n % 2 FROM generate_series(1, 4000) n;
INSERT INTO public.payment (customer_id, staff_id, rental_id, amount, payment_date)
    SELECT customer_id, staff_id, rental_id, 4.99, rental_date + interval '1 day' FROM public.rental WHERE rental_date < '2022-11-01';
