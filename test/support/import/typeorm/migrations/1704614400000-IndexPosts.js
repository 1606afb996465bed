module.exports = class IndexPosts1704614400000 {
  name = 'IndexPosts1704614400000';
  transaction = false;

  async up(queryRunner) {
    await queryRunner.query(`CREATE INDEX CONCURRENTLY posts_author ON posts (author)`);
  }

  async down(queryRunner) {
    await queryRunner.query(`DROP INDEX CONCURRENTLY posts_author`);
  }
};
