"""What FAT32 allows, over a folder of another file system: for computers whose kernel has no driver for it. Not its bytes on the medium, but its rules:
names that are the same in upper and lower case, 255 UTF-16 units, forbidden characters, trailing dots and spaces dropped, times of two seconds from 1980 on, files
below 4 GiB, neither links nor owners nor permissions.

    fatLayer.py FOLDER MOUNTPOINT ro|rw
"""

import errno
import os
import sys

from fusepy import FUSE, FuseOSError, Operations

MOST = 2**32 - 1
FORBIDDEN = set('"*:<>?\\|') | {chr(code) for code in range(32)}
EARLIEST, LATEST = 315_532_800, 4_354_819_198


def refuse(code):
    raise FuseOSError(code)


def legal(name):
    if FORBIDDEN & set(name):
        refuse(errno.EINVAL)
    if len(name.encode("utf-16-le")) > 510:
        refuse(errno.ENAMETOOLONG)
    return name.rstrip(". ") or refuse(errno.EINVAL)


class Fat(Operations):
    def __init__(self, folder):
        self.folder = folder

    def real(self, path):
        """Where it is, or would be: each level as it is called there, in whatever case it was asked for."""
        at = self.folder
        for name in filter(None, path.split("/")):
            exact = os.path.join(at, legal(name))
            if not os.path.lexists(exact):
                same = (one for one in self.listed(at) if one.upper() == legal(name).upper())
                exact = os.path.join(at, next(same, legal(name)))
            at = exact
        return at

    @staticmethod
    def listed(folder):
        try:
            return os.listdir(folder)
        except (FileNotFoundError, NotADirectoryError):
            return []

    def getattr(self, path, fh=None):
        found = os.lstat(self.real(path)) if fh is None else os.fstat(fh)
        kept = {key: getattr(found, key) for key in ("st_size", "st_nlink", "st_blocks", "st_uid", "st_gid", "st_atime", "st_mtime", "st_ctime")}
        return {**kept, "st_mode": (found.st_mode & ~0o777) | 0o755}

    def readdir(self, path, fh):
        return [".", "..", *os.listdir(self.real(path))]

    def statfs(self, path):
        found = os.statvfs(self.folder)
        keys = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_favail", "f_ffree", "f_files", "f_frsize")
        return {**{key: getattr(found, key) for key in keys}, "f_namemax": 255}

    def mkdir(self, path, mode):
        os.mkdir(self.real(path))

    def rmdir(self, path):
        os.rmdir(self.real(path))

    def unlink(self, path):
        os.unlink(self.real(path))

    def rename(self, old, new):
        before, after = self.real(old), self.real(new)
        if before == after:  # only its case changes, or nothing
            after = os.path.join(os.path.dirname(after), legal(os.path.basename(new)))
        os.rename(before, after)

    def create(self, path, mode, fi=None):
        return os.open(self.real(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)

    def open(self, path, flags):
        return os.open(self.real(path), flags & (os.O_ACCMODE | os.O_TRUNC))

    def read(self, path, size, offset, fh):
        return os.pread(fh, size, offset)

    def write(self, path, data, offset, fh):
        if offset + len(data) > MOST:
            refuse(errno.EFBIG)
        return os.pwrite(fh, data, offset)

    def truncate(self, path, length, fh=None):
        if length > MOST:
            refuse(errno.EFBIG)
        os.truncate(self.real(path) if fh is None else fh, length)

    def utimens(self, path, times=None):
        if times:
            times = tuple(min(max(int(at) // 2 * 2, EARLIEST), LATEST) for at in times)
        os.utime(self.real(path), times)

    def fsync(self, path, datasync, fh):
        (os.fdatasync if datasync else os.fsync)(fh)

    def fsyncdir(self, path, datasync, fh):
        folder = os.open(self.real(path), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def release(self, path, fh):
        os.close(fh)

    def chmod(self, path, mode):
        pass  # as with "quiet": taken, and forgotten

    def chown(self, path, uid, gid):
        refuse(errno.EPERM)

    def link(self, target, source):
        refuse(errno.EPERM)

    def symlink(self, target, source):
        refuse(errno.EPERM)


folder, mountpoint, mode = sys.argv[1:]
FUSE(Fat(folder), mountpoint, fsname="fat-layer", ro=mode == "ro", raw_fi=False)
