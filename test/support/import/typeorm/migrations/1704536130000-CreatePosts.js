module.exports = class CreatePosts1704536130000 {
  name = 'CreatePosts1704536130000';

  async up(queryRunner) {
    await queryRunner.query(
      `CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL)`,
    );
  }

  async down(queryRunner) {
    await queryRunner.query(`DROP TABLE posts`);
  }
};
