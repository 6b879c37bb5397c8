#!/bin/sh
# What cmake/commit.cmake says is built, in a repository of the test's own:  check_commit.sh SOURCE_FOLDER
set -eu
script=$1/cmake/commit.cmake
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
# Nobody's settings of git, and no repository around the folder.
HOME=$folder GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES=$folder
export HOME GIT_CONFIG_NOSYSTEM GIT_CEILING_DIRECTORIES
unset SLOTWIRE_COMMIT GIT_DIR GIT_WORK_TREE

mkdir sources
says() {
  cmake "-DSOURCE=$folder/$1" -DINTO=commit.cpp -P "$script"
  commit=$(sed -n 's/.*kCommit = "\(.*\)";/\1/p' commit.cpp)
  [ "$commit" = "$2" ] || { echo "$3: \"$commit\" instead of \"$2\""; exit 1; }
}

says sources unknown 'no git'
(export SLOTWIRE_COMMIT=1.2-told; says sources 1.2-told 'no git, and told')
if SLOTWIRE_COMMIT='";evil' cmake "-DSOURCE=$folder/sources" -DINTO=commit.cpp -P "$script" 2> /dev/null; then
  echo 'what would end the constant was taken'; exit 1
fi

cd sources
git init -q
git config user.name Test
git config user.email test@example.com
echo one > file
git add file
git commit -q -m one
cd ..
head=$(git -C sources rev-parse HEAD | cut -c 1-12)
says sources "$head" 'a commit'

touch -d '2001-01-01' commit.cpp
says sources "$head" 'the same again'
[ "$(date -r commit.cpp +%Y)" = 2001 ] || { echo 'written anew though nothing had changed: every build would compile it'; exit 1; }

echo two > sources/file
says sources "$head+changes" 'a changed file'
git -C sources checkout -q file
echo new > sources/new
says sources "$head+changes" 'a new file'
rm sources/new
says sources "$head" 'as it was'
(export SLOTWIRE_COMMIT=told; says sources told 'told, whatever git says')
mkdir sources/archive
says sources/archive unknown "a folder in somebody else's repository"
