// What the test asks of @octokit/rest, which brings the paginate plugin. One command a run, its result as JSON:
//   list org|user NAME [PER_PAGE]               {"npm octo-http": [ids of its versions]}, of all six types
//   delete-version|restore-version ORG TYPE NAME ID
//   delete-package|restore-package ORG TYPE NAME
// Address and token come from GITHUB_API_URL and GH_TOKEN.
import { Octokit } from "@octokit/rest";

const TYPES = ["npm", "maven", "rubygems", "docker", "nuget", "container"];
const { GITHUB_API_URL: baseUrl, GH_TOKEN: auth } = process.env;
const octokit = new Octokit({ baseUrl, auth });
const { packages } = octokit.rest;

const LISTS = {
  org: {
    owner: "org",
    packages: packages.listPackagesForOrganization,
    versions: packages.getAllPackageVersionsForPackageOwnedByOrg,
  },
  user: {
    owner: "username",
    packages: packages.listPackagesForUser,
    versions: packages.getAllPackageVersionsForPackageOwnedByUser,
  },
};

async function list(kind, name, per_page = 100) {
  const calls = LISTS[kind];
  const owner = { [calls.owner]: name, per_page: Number(per_page) };
  const found = {};
  for (const package_type of TYPES) {
    for (const one of await octokit.paginate(calls.packages, { ...owner, package_type })) {
      const asked = { ...owner, package_type, package_name: one.name };
      const versions = await octokit.paginate(calls.versions, asked);
      found[`${package_type} ${one.name}`] = versions.map((version) => version.id);
    }
  }
  return found;
}

async function change(call, org, package_type, package_name, package_version_id) {
  const version = package_version_id ? { package_version_id: Number(package_version_id) } : {};
  return { status: (await call({ org, package_type, package_name, ...version })).status };
}

const COMMANDS = {
  list,
  "delete-version": (...names) => change(packages.deletePackageVersionForOrg, ...names),
  "restore-version": (...names) => change(packages.restorePackageVersionForOrg, ...names),
  "delete-package": (...names) => change(packages.deletePackageForOrg, ...names),
  "restore-package": (...names) => change(packages.restorePackageForOrg, ...names),
};

const [command, ...names] = process.argv.slice(2);
console.log(JSON.stringify(await COMMANDS[command](...names)));
