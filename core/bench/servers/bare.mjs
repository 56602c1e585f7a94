// Bare koa: the query and nothing else.
import Router from '@koa/router';
import Koa from 'koa';
import pg from 'pg';
import { serve } from './notes.mjs';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const router = new Router();
router.get('/api/notes/notes/:id', async (ctx) => {
  const { rows } = await pool.query('select id, text from plain.notes where id = $1', [ctx.params.id]);
  ctx.body = rows[0];
});
serve(new Koa().use(router.routes()));
